using System;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using Ember.Sdk.Compilation;

namespace Ember.Sdk.Documents;

/// <summary>The hash of the sources of what runs on the appliance.</summary>
public static class SourceTree
{
    // Besides the sources themselves: the instructions that C# cannot express, and what says how all of it is compiled.
    private static readonly string[] _parts =
        ["src", "tools/Ember.Stubs", "Directory.Build.props", "Directory.Packages.props", "global.json"];

    /// <summary>
    /// The <c>dirHash</c> of in-toto's digest sets: SHA-256 over a line for every file, its SHA-256, two spaces and its path from the top
    /// of the checkout, in ascending order of the paths. In lower-case hexadecimal digits.
    /// </summary>
    /// <exception cref="EmberException">A file cannot be read (exit code 2).</exception>
    public static string Hash(Repository repository)
    {
        ArgumentNullException.ThrowIfNull(repository);
        try
        {
            StringBuilder lines = new();
            foreach (string path in _parts
                .SelectMany(part => Files(Path.Combine(repository.Root, part)))
                .Select(file => Path.GetRelativePath(repository.Root, file))
                .Order(StringComparer.Ordinal))
            {
                byte[] content = File.ReadAllBytes(Path.Combine(repository.Root, path));
                lines.Append(Convert.ToHexStringLower(SHA256.HashData(content))).Append("  ").Append(path).Append('\n');
            }

            return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(lines.ToString())));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EmberException(ErrorKind.Input, $"{repository.Root}: its sources cannot be read: {e.Message}", e);
        }
    }

    private static string[] Files(string part) =>
        File.Exists(part) ? [part] : Directory.GetFiles(part, "*", SearchOption.AllDirectories);
}
