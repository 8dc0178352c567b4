using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace Ember.Sdk.Footprint.Reports;

/// <summary>Writes a comparison for people who review a change: short, in GitHub's Markdown.</summary>
public static class DiffMarkdown
{
    private const int OpenRows = 20;

    // A comment on a pull request holds 65,536 characters.
    private const int FoldedRows = 200;

    /// <summary>The comparison: the totals, the largest changes, and the rest folded away.</summary>
    public static string Of(FootprintDiff diff)
    {
        StringBuilder text = new();
        long delta = diff.After.File - diff.Before.File;
        text.Append(CultureInfo.InvariantCulture, $"### core.efi: {diff.After.File:N0} bytes, {Signed(delta)}");
        text.Append(CultureInfo.InvariantCulture, $"{Percent(delta, diff.Before.File)}\n\n");
        text.Append(CultureInfo.InvariantCulture, $"Against {MarkdownText.Escape(diff.BaselineName)}: {diff.Before.File:N0} bytes in the file. ");
        text.Append(CultureInfo.InvariantCulture, $"Loaded: {diff.After.Loaded:N0} bytes, ");
        text.Append(CultureInfo.InvariantCulture, $"{Signed(diff.After.Loaded - diff.Before.Loaded)}.\n");
        if (diff.Rows.Count == 0)
        {
            return text.Append("\nNothing takes more or less than before.\n").ToString();
        }

        AppendTable(text, diff.Rows.Take(OpenRows));
        if (diff.Rows.Count > OpenRows)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n<details>\n<summary>{diff.Rows.Count - OpenRows:N0} more</summary>\n");
            AppendTable(text, diff.Rows.Skip(OpenRows).Take(FoldedRows));
            int left = diff.Rows.Count - OpenRows - FoldedRows;
            text.Append(left > 0 ? string.Create(CultureInfo.InvariantCulture, $"\nand {left:N0} smaller ones\n") : "");
            text.Append("\n</details>\n");
        }

        return text.ToString();
    }

    private static void AppendTable(StringBuilder text, IEnumerable<DiffRow> rows)
    {
        text.Append("\n| bytes | before | after | | what | kind |\n|--:|--:|--:|---|---|---|\n");
        foreach (DiffRow row in rows)
        {
            string former = row.FormerName is null ? "" : $", was {MarkdownText.Escape(row.FormerName)}";
            text.Append(CultureInfo.InvariantCulture, $"| {Signed(row.Delta.File)} | {row.Before.File:N0} | {row.After.File:N0} ");
            text.Append(CultureInfo.InvariantCulture, $"| {Word(row.Change)} | {MarkdownText.Escape(row.Name)}{former} | {Word(row.Kind)} |\n");
        }
    }

    private static string Signed(long bytes) =>
        bytes == 0 ? "±0" : string.Create(CultureInfo.InvariantCulture, $"{(bytes > 0 ? "+" : "−")}{Math.Abs(bytes):N0}");

    private static string Percent(long delta, long before) => delta == 0 || before == 0
        ? ""
        : string.Create(CultureInfo.InvariantCulture, $" ({(delta > 0 ? "+" : "−")}{Math.Abs(delta) * 100.0 / before:F2} %)");

    private static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
