using System;
using System.Globalization;
using System.IO;

namespace Ember.Sdk.Footprint.Reports;

/// <summary>The report for spreadsheets: one row for each leaf of the tree (RFC 4180, but for lines that end in LF).</summary>
public static class FootprintCsv
{
    private static readonly char[] _quoted = ['"', ',', '\n', '\r'];

    /// <summary>Writes the report.</summary>
    public static void Write(TextWriter output, FootprintReport report)
    {
        output.Write("path,kind,symbol,flash,file,loaded,runtime\n");
        WriteLeaves(output, report.Root, "");
    }

    private static void WriteLeaves(TextWriter output, FootprintNode node, string path)
    {
        string here = path.Length == 0 ? node.Name : $"{path}/{node.Name}";
        if (node.Children.Count != 0)
        {
            foreach (FootprintNode child in node.Children)
            {
                WriteLeaves(output, child, here);
            }

            return;
        }

        Sizes sizes = node.Sizes;
        output.Write(string.Create(
            CultureInfo.InvariantCulture,
            $"{Field(here)},{Field(ReportNames.Of(node.Kind))},{Field(node.Symbol ?? "")},{sizes.Flash},{sizes.File},{sizes.Loaded},{sizes.RunTime}\n"));
    }

    /// <summary>A spreadsheet takes a field that begins with one of these for a formula; a name in an image may be anybody's.</summary>
    private static string Field(string text)
    {
        string safe = text.Length != 0 && "=+-@".Contains(text[0], StringComparison.Ordinal) ? "'" + text : text;
        return safe.IndexOfAny(_quoted) < 0 ? safe : $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
