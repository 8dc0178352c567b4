using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Ember.Sdk.Manifests;

/// <summary>Reads the [board] table of a manifest.</summary>
internal static class BoardReader
{
    /// <summary>Every key the table may have.</summary>
    public static readonly IReadOnlyList<string> Keys = ["sources"];

    /// <summary>Reads the table.</summary>
    /// <param name="table">The table, or null when there is none.</param>
    /// <returns>Full path of the folder with the sources of the board; null for a board that nothing is known of.</returns>
    /// <exception cref="EmberException">Something in it is wrong, or the folder has no sources (exit code 2).</exception>
    public static string? Read(ManifestTable? table)
    {
        if (table is null)
        {
            return null;
        }

        TomlText sources = table.RequireText("sources");
        string folder = table.Resolve(sources);
        return Directory.Exists(folder) && Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories).Any()
            ? folder
            : throw table.Error("sources", sources, $"'{sources.Value}' is no folder with C# in it; see sdk/docs/board-support.md");
    }
}
