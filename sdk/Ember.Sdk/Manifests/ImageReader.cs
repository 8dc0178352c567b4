using System.Collections.Generic;
using System.Linq;
using Ember.Sdk.Images;

namespace Ember.Sdk.Manifests;

/// <summary>Reads the [image] table of a manifest.</summary>
internal static class ImageReader
{
    /// <summary>Every key the table may have.</summary>
    public static readonly IReadOnlyList<string> Keys = ["size", "label", "layout", "bank_size", "second_bank", "erase_block"];

    private const string UsualLabel = "EMBER";
    private const int LongestLabel = 11;
    private const long LargestEraseBlock = 64 << 20;

    /// <summary>Reads the table.</summary>
    /// <param name="file">The manifest's path as it was given.</param>
    /// <param name="table">The table, or null when there is none.</param>
    /// <param name="appliance">Where the [appliance] table is.</param>
    /// <exception cref="EmberException">Something in it is wrong (exit code 2).</exception>
    public static ManifestImage Read(string file, ManifestTable? table, ManifestPosition appliance)
    {
        if (table is null)
        {
            return new ManifestImage(KeyLayout.Standard, UsualLabel, true, appliance);
        }

        KeyLayout layout = table.FindWord(
            "layout",
            ("standard", KeyLayout.Standard),
            ("compact-16", KeyLayout.Compact16),
            ("compact-32", KeyLayout.Compact32),
            ("compact-64", KeyLayout.Compact64));
        layout = layout with
        {
            ImageSize = WholeSize(table, "size") ?? layout.ImageSize,
            BankSize = WholeSize(table, "bank_size"),
            Alignment = EraseBlock(table) ?? layout.Alignment,
        };
        int line = table.Find("size")?.Line ?? table.Position.Line;
        bool copy = table.FindWord("second_bank", ("copy", true), ("empty", false));
        return new ManifestImage(layout, Label(table), copy, new ManifestPosition(file, line));
    }

    private static long? WholeSize(ManifestTable table, string key) => table.FindSize(key) is not { } size
        ? null
        : size % ImageLayout.Granularity == 0 ? size : throw table.Error(key, table.Require(key), "is not a number of whole MiB");

    private static long? EraseBlock(ManifestTable table) => WholeSize(table, "erase_block") is not { } size
        ? null
        : size <= LargestEraseBlock && long.IsPow2(size)
            ? size
            : throw table.Error("erase_block", table.Require("erase_block"), "has to be 1, 2, 4, 8, 16, 32 or 64 MiB");

    private static string Label(ManifestTable table)
    {
        string label = table.FindText("label") is null ? UsualLabel : table.RequireName("label", LongestLabel);
        return label.All(character => char.IsAsciiLetterUpper(character) || char.IsAsciiDigit(character) || character is ' ' or '-' or '_')
            && label[0] != ' '
            ? label
            : throw table.Error("label", table.Require("label"), $"'{label}' may have A to Z, 0 to 9, space, '-' and '_', and no space first");
    }
}
