using System;
using System.IO;
using System.Linq;
using System.Text;
using Ember.Sdk.Tests.Hosting;
using Ember.Sdk.Verification;
using Ember.Sdk.Verification.Rules;

namespace Ember.Sdk.Tests.Verification;

/// <summary>Holds the page about verification against the code, and against what other programs find.</summary>
public sealed class VerificationPageTests : IDisposable
{
    private const int Piece = 4096;

    private static readonly (int Start, int Length)[] _volumes =
        [(KeyBytes.Esp, 33 << 20), (KeyBytes.BankA, 4 << 20), (KeyBytes.BankB, 4 << 20)];

    /// <summary>Those of partition table and file systems that leave the image's length alone.</summary>
    internal static PlantedDefect[] Defects { get; } =
    [
        .. ((PlantedDefect[])[.. TableDefects.All, .. FatDefects.All, .. FolderDefects.All])
            .Where(defect => !defect.Id.StartsWith("IMG", StringComparison.Ordinal)),
    ];

    private readonly TemporaryFolder _folder = new();

    internal static string Page => File.ReadAllText(Path.Combine(ReferenceBuild.Repository, "sdk", "docs", "verification.md"));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_page_has_every_rule()
    {
        StringBuilder table = new("| id | severity | what must hold | how to mend it |\n|---|---|---|---|\n");
        foreach (Rule rule in VerificationRules.All)
        {
            string severity = rule.Severity == FindingSeverity.Error ? "error" : "warning";
            table.Append($"| {rule.Id} | {severity} | {rule.Holds} | {rule.Remedy} |\n");
        }

        Assert.True(Page.Contains(table.ToString(), StringComparison.Ordinal), table.ToString());
    }

    [Fact]
    public void The_page_tells_which_planted_defects_other_programs_find()
    {
        byte[] good = ImageVerifierTests.Good;
        File.WriteAllBytes(_folder["key.img"], good);
        foreach ((int start, int length) in _volumes)
        {
            File.WriteAllBytes(Volume(start), good[start..(start + length)]);
        }

        StringBuilder table = new("| id | planted defect | found by |\n|---|---|---|\n");
        foreach (PlantedDefect defect in Defects)
        {
            table.Append($"| {defect.Id} | {defect.Name} | {FoundBy(good, defect.Make(new KeyBytes([.. good])))} |\n");
        }

        Assert.True(Page.Contains(table.ToString(), StringComparison.Ordinal), table.ToString());
    }

    private string FoundBy(byte[] good, byte[] bad)
    {
        bool isFound = false;
        foreach ((int start, int length) in _volumes)
        {
            Range volume = start..(start + length);
            if (Replace(Volume(start), good.AsSpan(volume), bad.AsSpan(volume)))
            {
                (string text, int exitCode) = HostTool.Run("dosfstools", "fsck.fat", "-n", Volume(start));
                isFound |= exitCode != 0 || text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length != 2;
                Replace(Volume(start), bad.AsSpan(volume), good.AsSpan(volume));
            }
        }

        if (isFound)
        {
            return "`fsck.fat -n` too";
        }

        Replace(_folder["key.img"], good, bad);
        (string table, int tableExitCode) = HostTool.Run("gdisk", "sgdisk", "-v", _folder["key.img"]);
        Replace(_folder["key.img"], bad, good);
        return tableExitCode != 0 || !table.TrimStart().StartsWith("No problems found.", StringComparison.Ordinal)
            || table.Contains("Warning", StringComparison.OrdinalIgnoreCase)
                || table.Contains("Caution", StringComparison.OrdinalIgnoreCase)
            || table.Contains("Problem:", StringComparison.Ordinal)
            ? "`sgdisk -v` too"
            : "`ember verify` alone";
    }

    /// <summary>Writes what differs.</summary>
    private static bool Replace(string path, ReadOnlySpan<byte> before, ReadOnlySpan<byte> after)
    {
        using FileStream file = File.OpenWrite(path);
        bool differs = false;
        for (int at = 0; at < before.Length; at += Piece)
        {
            if (!before.Slice(at, Piece).SequenceEqual(after.Slice(at, Piece)))
            {
                differs = true;
                file.Position = at;
                file.Write(after.Slice(at, Piece));
            }
        }

        return differs;
    }

    private string Volume(int start) => _folder[$"volume-{start >> 20}.img"];
}
