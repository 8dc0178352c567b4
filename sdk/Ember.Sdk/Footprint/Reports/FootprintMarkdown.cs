using System.Globalization;
using System.IO;
using System.Linq;

namespace Ember.Sdk.Footprint.Reports;

/// <summary>The report for a page of documentation or a discussion: totals, and what takes most, namespace by namespace.</summary>
public static class FootprintMarkdown
{
    private const int Levels = 2;
    private const int Generics = 5;

    /// <summary>Writes the report.</summary>
    public static void Write(TextWriter output, FootprintReport report)
    {
        ReportColumn[] columns = [.. ReportColumn.All.Where(column => column.Of(report.Root.Sizes) != 0)];
        output.Write($"# Footprint of {MarkdownText.Escape(report.Name)}\n\nSHA-256 of the core: `{report.Digest}`\n\n");
        output.Write($"| what |{string.Concat(columns.Select(column => $" {column.Name} |"))}\n");
        output.Write($"|---|{string.Concat(columns.Select(_ => "---:|"))}\n");
        WriteRows(output, report.Root, columns, 0);
        if (report.Generics.Count != 0)
        {
            output.Write("\n| generic | shapes | file |\n|---|---:|---:|\n");
            foreach (GenericGroup group in report.Generics.Take(Generics))
            {
                output.Write(string.Create(
                    CultureInfo.InvariantCulture, $"| {MarkdownText.Escape(group.Definition)} | {group.Shapes.Count} | {group.Sizes.File:N0} |\n"));
            }
        }
    }

    private static void WriteRows(TextWriter output, FootprintNode node, ReportColumn[] columns, int level)
    {
        string indent = string.Concat(Enumerable.Repeat("&nbsp;&nbsp;", level));
        string numbers = string.Concat(columns.Select(
            column => string.Create(CultureInfo.InvariantCulture, $" {column.Of(node.Sizes):N0} |")));
        output.Write($"| {indent}{MarkdownText.Escape(node.Name)} |{numbers}\n");
        if (level < Levels)
        {
            foreach (FootprintNode child in node.Children)
            {
                WriteRows(output, child, columns, level + 1);
            }
        }
    }
}
