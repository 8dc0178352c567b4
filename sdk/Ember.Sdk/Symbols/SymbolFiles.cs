using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using Ember.Sdk.Pe;

namespace Ember.Sdk.Symbols;

/// <summary>What building a core leaves beside it, in the folder <c>symbols</c>: what lies in it, and why.</summary>
/// <param name="Folder">The folder.</param>
public sealed record SymbolFiles(string Folder)
{
    /// <summary>The folder's name.</summary>
    public const string FolderName = "symbols";

    private const string CoreName = "core.efi";

    /// <summary>lld-link's map: where everything lies.</summary>
    public string LinkerMap => Path.Combine(Folder, "core.map");

    /// <summary>ilc's map: what everything is.</summary>
    public string CompilerMap => Path.Combine(Folder, "core.map.xml");

    /// <summary>ilc's size statistics: where in the sources everything comes from.</summary>
    public string Statistics => Path.Combine(Folder, "core.mstat");

    /// <summary>ilc's dependency graph: why everything is there.</summary>
    public string Dependencies => Path.Combine(Folder, "core.dgml");

    /// <summary>The compiler's object file, for the lines of source it holds.</summary>
    public string ObjectFile => Path.Combine(Folder, "core.obj");

    /// <summary>SHA-256 of the core and all of these files, as <c>sha256sum</c> writes it: that they belong together.</summary>
    public string Digests => Path.Combine(Folder, "core.sha256");

    /// <summary>The assemblies the core was compiled from.</summary>
    public IReadOnlyList<string> Assemblies => [.. Directory.GetFiles(Folder, "Ember.*.dll").Order(StringComparer.Ordinal)];

    /// <summary>The files of <paramref name="core"/>, checked: all there, and of the same build.</summary>
    /// <param name="core">The core.</param>
    /// <param name="folder">The folder that the core, or the image it lies in, was built into.</param>
    /// <exception cref="EmberException">One is missing, changed or of another build (exit code 2).</exception>
    public static SymbolFiles Of(PeImage core, string folder)
    {
        SymbolFiles files = new(Path.Combine(folder, FolderName));
        if (!File.Exists(files.Digests))
        {
            throw new EmberException(
                ErrorKind.Input,
                $"{core.Path}: stripped: {files.Digests} is not there, so nothing tells what lies in it; "
                + "give the core.efi or image of a build's output folder");
        }

        foreach ((string digest, string name) in files.ReadDigests())
        {
            files.Check(core, digest, name);
        }

        return files;
    }

    private IEnumerable<(string Digest, string Name)> ReadDigests()
    {
        int number = 0;
        foreach (string line in File.ReadLines(Digests))
        {
            number++;
            string[] parts = line.Split("  ", 2);
            yield return parts.Length == 2 && parts[1].Length != 0 && parts[1] == Path.GetFileName(parts[1])
                ? (parts[0].ToLowerInvariant(), parts[1])
                : throw new EmberException(ErrorKind.Input, $"{Digests}:{number}: no line of sha256sum's");
        }
    }

    private void Check(PeImage core, string digest, string name)
    {
        string path = name == CoreName ? core.Path : Path.Combine(Folder, name);
        try
        {
            string actual = name == CoreName ? core.UnsignedDigest() : Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));
            if (actual != digest)
            {
                throw new EmberException(
                    ErrorKind.Input,
                    $"{path}: not of the build that {Digests} is of: its SHA-256 differs; "
                    + "it is of another build, packed or changed since; build again");
            }
        }
        catch (IOException e)
        {
            throw new EmberException(ErrorKind.Input, $"{path}: not there, though {Digests} names it; build again", e);
        }
    }
}
