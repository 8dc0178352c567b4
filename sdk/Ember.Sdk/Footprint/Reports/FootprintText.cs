using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;

namespace Ember.Sdk.Footprint.Reports;

/// <summary>The report for a person at a terminal: the tree, with a column for each place that bytes are in.</summary>
public static class FootprintText
{
    private const int NarrowestColumn = 8;
    private const int BarWidth = 16;

    /// <summary>Writes the tree of <paramref name="report"/>.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="report">The report.</param>
    /// <param name="depth">Levels under the first row; 0 for that row alone.</param>
    /// <param name="top">Rows shown under one row; the others are summed up in one.</param>
    public static void WriteTree(TextWriter output, FootprintReport report, int depth, int top)
    {
        ReportColumn[] columns = [.. ReportColumn.All.Where(column => column.Of(report.Root.Sizes) != 0)];
        List<(string Label, Sizes Sizes)> rows = [];
        Collect(rows, report.Root, "", "", depth, top);
        int width = rows.Max(row => row.Label.Length);
        int[] widths = [.. columns.Select(column => rows.Max(row => Number(column.Of(row.Sizes)).Length))];
        output.WriteLine($"{new string(' ', width)}{string.Concat(columns.Select((column, i) => "  " + Pad(column.Name, widths[i])))}");
        foreach ((string label, Sizes sizes) in rows)
        {
            string numbers = string.Concat(columns.Select((column, i) => "  " + Pad(Number(column.Of(sizes)), widths[i])));
            output.WriteLine($"{label.PadRight(width)}{numbers}  {Share(sizes, report.Root.Sizes)}".TrimEnd());
        }
    }

    private static void Collect(List<(string, Sizes)> rows, FootprintNode node, string first, string rest, int depth, int top)
    {
        rows.Add((first + node.Name, node.Sizes));
        if (depth == 0)
        {
            return;
        }

        FootprintNode[] shown = [.. node.Children.Take(top)];
        FootprintNode[] others = [.. node.Children.Skip(top)];
        for (int i = 0; i < shown.Length; i++)
        {
            bool last = i == shown.Length - 1 && others.Length == 0;
            Collect(rows, shown[i], rest + (last ? "└─ " : "├─ "), rest + (last ? "   " : "│  "), depth - 1, top);
        }

        if (others.Length != 0)
        {
            rows.Add(($"{rest}└─ {others.Length} more", Attribution.FootprintTree.Sum(others.Select(other => other.Sizes))));
        }
    }

    /// <summary>Its share of the file, or of the key when no file is looked at, as a bar.</summary>
    private static string Share(Sizes sizes, Sizes total)
    {
        double share = total.Flash != 0 ? (double)sizes.Flash / total.Flash
            : total.File != 0 ? (double)sizes.File / total.File : 0;
        int filled = (int)((share * BarWidth) + 0.5);
        return string.Create(CultureInfo.InvariantCulture, $"{share * 100,5:0.0} %  {new string('█', filled)}");
    }

    private static string Pad(string text, int width) => text.PadLeft(width < NarrowestColumn ? NarrowestColumn : width);

    private static string Number(long bytes) => bytes.ToString("N0", CultureInfo.InvariantCulture);
}
