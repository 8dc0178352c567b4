using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Ember.Sdk.Compilation;
using Ember.Sdk.Manifests;

namespace Ember.Sdk.Templates;

/// <summary>An appliance to begin with: a commented manifest with its schema for editors, and the script of its virtual machine,
/// which build as they are.</summary>
public static class ApplianceTemplate
{
    private const string Script = "init";
    private const string SchemaFile = "appliance.schema.json";
    private const string NamePlace = "@NAME@";
    private const UnixFileMode Readable =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private const UnixFileMode Executable =
        UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>Writes the appliance into an empty or new folder.</summary>
    /// <param name="folder">The folder; messages name it as it is given here.</param>
    /// <param name="name">The appliance's name; null for the folder's.</param>
    /// <returns>The files that were written.</returns>
    /// <exception cref="EmberException">The folder is not empty, or the name is none for an appliance (exit code 2); the folder cannot be
    /// written to (3).</exception>
    public static IReadOnlyList<string> Write(string folder, string? name = null)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        string chosen = name ?? Path.GetFileName(full);
        if (!ManifestTable.IsIdentifier(chosen) || chosen.Length > ManifestReader.LongestName)
        {
            throw new EmberException(
                ErrorKind.Input,
                $"'{chosen}' is no name of an appliance; give --name with 1 to {ManifestReader.LongestName} letters, digits, "
                + "'-', '_' and '.', a letter or digit first");
        }

        try
        {
            if (File.Exists(full) || (Directory.Exists(full) && Directory.EnumerateFileSystemEntries(full).Any()))
            {
                throw new EmberException(ErrorKind.Input, $"{folder}: is there and not an empty folder; choose another");
            }

            Directory.CreateDirectory(full);
            return
            [
                Write(
                    folder,
                    ApplianceBuild.ManifestFile,
                    Readable,
                    Resource(ApplianceBuild.ManifestFile).Replace(NamePlace, chosen, StringComparison.Ordinal)),
                Write(folder, SchemaFile, Readable, ManifestSchema.ToJson()),
                Write(folder, Script, Readable | Executable, Resource(Script)),
            ];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EmberException(ErrorKind.Host, $"{folder}: cannot be written: {e.Message}", e);
        }
    }

    private static string Write(string folder, string file, UnixFileMode mode, string text)
    {
        string path = Path.Combine(folder, file);
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = mode };
        using StreamWriter writer = new(path, options);
        writer.Write(text);
        return path;
    }

    private static string Resource(string name)
    {
        using Stream resource = typeof(ApplianceTemplate).Assembly.GetManifestResourceStream(typeof(ApplianceTemplate), name)!;
        using StreamReader reader = new(resource);
        return reader.ReadToEnd();
    }
}
