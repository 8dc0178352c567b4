using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Ember.Sdk.Hosts;
using Ember.Sdk.Payloads;
using Ember.Sdk.Tests.Hosting;

namespace Ember.Sdk.Tests.Payloads;

/// <summary>A host whose apt knows a few small packages and no network. dpkg-deb is the real one.</summary>
internal sealed class FakeDebian : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public FakeDebian()
    {
        foreach (string folder in (string[])["bin", "index", "pool"])
        {
            Directory.CreateDirectory(_folder[folder]);
        }

        WriteProgram(
            "apt-cache",
            $"""
            [ "$1 $2 $LC_ALL" = "show --no-all-versions C.UTF-8" ] || exit 99
            [ -f "{_folder["index"]}/$3" ] || exec sh -c 'echo "E: No packages found" >&2; exit 100'
            cat "{_folder["index"]}/$3"
            """);
        WriteProgram(
            "apt-get",
            $"""
            echo "$*" >> "{_folder["log"]}"
            test -f "{_folder["pool"]}/$2" || exec sh -c 'echo "W: noise" >&2; echo "E: Failed to fetch: no route" >&2; exit 100'
            cp "{_folder["pool"]}/$2" "./$(echo $2 | tr = _)_amd64.deb"
            """);
        string real = ((string[])["/usr/bin/dpkg-deb", "/bin/dpkg-deb"]).First(File.Exists);
        File.CreateSymbolicLink(Path.Combine(_folder["bin"], "dpkg-deb"), real);
        Host = new HostSystem("/", [_folder["bin"]]);
    }

    public HostSystem Host { get; }

    /// <summary>The cache folder, which does not exist at first.</summary>
    public string Cache => _folder["cache"];

    /// <summary>What packages offered from now on are built with, for the index.</summary>
    public string BuiltUsing { get; set; } = "";

    /// <summary>Every download apt-get was asked for.</summary>
    public string[] Downloads => File.Exists(_folder["log"]) ? File.ReadAllLines(_folder["log"]) : [];

    public string this[string name] => _folder[name];

    /// <summary>A cache that fetches from here.</summary>
    public DebianPackages Packages() => new(Cache, Host);

    /// <summary>Offers a package.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="depends">Its Depends field.</param>
    /// <param name="files">Its files, paths without a slash in front.</param>
    /// <param name="sha256">The SHA-256 that apt's index gives; null for the right one, empty for none.</param>
    public void Offer(string name, string depends, Dictionary<string, byte[]> files, string? sha256 = null)
    {
        string tree = _folder[$"tree-{name}"];
        Directory.CreateDirectory(Path.Combine(tree, "DEBIAN"));
        string control = $"Package: {name}\nVersion: 1.0-1\nArchitecture: amd64\nMaintainer: N <n@example.org>\nDepends: {depends}\nDescription: d\n";
        File.WriteAllText(Path.Combine(tree, "DEBIAN", "control"), control);
        foreach ((string path, byte[] content) in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(tree, path))!);
            File.WriteAllBytes(Path.Combine(tree, path), content);
        }

        string deb = _folder[$"pool/{name}=1.0-1"];
        (string text, int exitCode) = HostTool.Run("dpkg", "dpkg-deb", "--root-owner-group", "-b", tree, deb);
        Assert.True(exitCode == 0, text);
        OfferIndex(name, depends, sha256 ?? Digest(deb));
    }

    /// <summary>Cuts an offered package short.</summary>
    public void Truncate(string name, int length)
    {
        using FileStream deb = File.OpenWrite(_folder[$"pool/{name}=1.0-1"]);
        deb.SetLength(length);
    }

    /// <summary>Offers a name in the index for which there is nothing to download.</summary>
    public void OfferIndex(string name, string depends, string sha256) => File.WriteAllText(
        _folder[$"index/{name}"],
        $"Package: {name}\nVersion: 1.0-1\nArchitecture: amd64\nBuilt-Using: {BuiltUsing}\nDepends: {depends}\n"
        + "Description: many\n lines: not fields\n"
        + (sha256.Length == 0 ? "" : $"SHA256: {sha256}\n")
        + $"\nPackage: {name}\nVersion: 0.9-1\n");

    /// <summary>Takes a program away from the host.</summary>
    public void Remove(string program) => File.Delete(Path.Combine(_folder["bin"], program));

    /// <summary>Replaces a program by a script for sh.</summary>
    public void WriteProgram(string name, string script)
    {
        string path = Path.Combine(_folder["bin"], name);
        File.Delete(path);
        File.WriteAllText(path, "#!/bin/sh\n" + script + "\n");
        Assert.Equal(("", 0), HostTool.Run("coreutils", "chmod", "+x", path));
    }

    public static string Digest(string path) =>
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path)));

    public void Dispose() => _folder.Dispose();
}
