using System.Collections.Generic;
using Ember.Sdk.Banks;

namespace Ember.Sdk.Manifests;

/// <summary>Reads the [update] table of a manifest.</summary>
internal static class UpdateReader
{
    /// <summary>Every key the table may have.</summary>
    public static readonly IReadOnlyList<string> Keys = ["address"];

    /// <summary>Reads the table.</summary>
    /// <param name="table">The table, or null when there is none.</param>
    /// <returns>The address that the loader asks for updates; null for none.</returns>
    /// <exception cref="EmberException">It is no such address (exit code 2).</exception>
    public static string? Read(ManifestTable? table)
    {
        if (table is null)
        {
            return null;
        }

        TomlText address = table.RequireText("address");
        return UpdateAddress.IsValid(address.Value)
            ? address.Value
            : throw table.Error(
                "address",
                address,
                $"has to be \"http://host/path/\" or \"https://host/path/\", with a slash at its end, without user, query and fragment, "
                + $"{UpdateAddress.LongestLength} characters at most");
    }
}
