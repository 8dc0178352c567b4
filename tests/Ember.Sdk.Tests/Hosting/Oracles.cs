using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Ember.Sdk.Fat;

namespace Ember.Sdk.Tests.Hosting;

/// <summary>
/// What programs that are not ours say about an image. Their text counts, for some find fault and exit 0 all the same.
/// </summary>
internal static partial class Oracles
{
    /// <summary>sgdisk -v: checksums, both copies, overlaps.</summary>
    public static void RequireCleanTable(string image)
    {
        (string text, int exitCode) = HostTool.Run("gdisk", "sgdisk", "-v", image);
        Assert.True(exitCode == 0 && text.TrimStart().StartsWith("No problems found.", StringComparison.Ordinal), text);
        Assert.DoesNotContain("Warning", text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Caution", text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Problem:", text, StringComparison.Ordinal);
    }

    /// <summary>
    /// fsck.fat -n: chains, both FATs, FSInfo. It says two lines about a good volume and a third about anything else.
    /// </summary>
    /// <returns>The number of files and folders, of used clusters, and of all clusters.</returns>
    public static (int Files, long Used, long Clusters) RequireCleanVolume(string volume, FatType type = FatType.Fat32)
    {
        (string text, int exitCode) = HostTool.Run("dosfstools", "fsck.fat", "-n", volume);
        string[] lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.True(exitCode == 0 && lines.Length == 2, text);
        Match summary = FsckSummary().Match(lines[1]);
        Assert.True(summary.Success, text);

        (string verbose, int verboseExitCode) = HostTool.Run("dosfstools", "fsck.fat", "-n", "-v", volume);
        Assert.Equal(0, verboseExitCode);
        Assert.Contains($"{summary.Groups[3].Value} data clusters", verbose, StringComparison.Ordinal);
        Assert.Contains($"2 FATs, {(int)type} bit entries", verbose, StringComparison.Ordinal);
        return (Number(summary.Groups[1]), Number(summary.Groups[2]), Number(summary.Groups[3]));

        static int Number(Group group) => int.Parse(group.Value, CultureInfo.InvariantCulture);
    }

    /// <summary>minfo: what mtools, which refuses illegal cluster counts, takes a volume for.</summary>
    /// <returns>Its values by their names.</returns>
    public static Dictionary<string, string> VolumeInformation(string image, long offset)
    {
        (string text, int exitCode) = HostTool.Run("mtools", "minfo", "-i", $"{image}@@{offset}", "::");
        Assert.True(exitCode == 0, text);
        Dictionary<string, string> values = [];
        foreach (string line in text.Split('\n'))
        {
            string[] parts = line.Split([':', '='], 2);
            if (parts.Length == 2)
            {
                values[parts[0].Trim()] = parts[1].Trim();
            }
        }

        return values;
    }

    /// <summary>mdir: the paths of every file and folder, the folders with a slash after.</summary>
    public static string[] Paths(string image, long offset)
    {
        (string text, int exitCode) = HostTool.Run("mtools", "mdir", "-i", $"{image}@@{offset}", "-b", "-a", "-/", "::");
        Assert.True(exitCode == 0, text);
        return
        [
            .. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line["::/".Length..])
                .Order(StringComparer.Ordinal),
        ];
    }

    /// <summary>mcopy: the bytes of every file by its path.</summary>
    public static SortedDictionary<string, byte[]> Files(string image, long offset, TemporaryFolder folder)
    {
        string target = folder["extracted"];
        Directory.CreateDirectory(target);
        (string text, int exitCode) = HostTool.Run("mtools", "mcopy", "-s", "-n", "-i", $"{image}@@{offset}", "::/", target);
        Assert.True(exitCode == 0 && text.Length == 0, text);
        SortedDictionary<string, byte[]> files = new(StringComparer.Ordinal);
        foreach (string path in Directory.EnumerateFiles(target, "*", SearchOption.AllDirectories))
        {
            files.Add(Path.GetRelativePath(target, path), File.ReadAllBytes(path));
        }

        Directory.Delete(target, recursive: true);
        return files;
    }

    [GeneratedRegex(@": (\d+) files, (\d+)/(\d+) clusters$")]
    private static partial Regex FsckSummary();
}
