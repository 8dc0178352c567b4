using System.Globalization;
using System.IO;
using System.Linq;

namespace Ember.Sdk.Footprint.Reports;

/// <summary>Two builds held against each other, for a person at a terminal.</summary>
public static class DiffText
{
    /// <summary>Writes the comparison.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="diff">The comparison.</param>
    /// <param name="top">Rows shown at most.</param>
    public static void Write(TextWriter output, FootprintDiff diff, int top)
    {
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"against {diff.BaselineName}: file {diff.Before.File:N0} to {diff.After.File:N0} bytes ({Signed(diff.After.File - diff.Before.File)}), "
            + $"loaded {diff.Before.Loaded:N0} to {diff.After.Loaded:N0} ({Signed(diff.After.Loaded - diff.Before.Loaded)})"));
        foreach (DiffRow row in diff.Rows.Take(top))
        {
            string former = row.FormerName is null ? "" : $" (was {row.FormerName})";
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{Signed(row.Delta.File),9}  {ReportNames.Of<DiffChange>(row.Change),-7}  {row.Name}{former}, "
                + $"{Attribution.FootprintTree.NameOf(row.Kind)}"));
        }

        if (diff.Rows.Count > top)
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{Signed(diff.Rows.Skip(top).Sum(row => row.Delta.File)),9}  {diff.Rows.Count - top} more"));
        }
    }

    private static string Signed(long bytes) => bytes.ToString("+#,0;-#,0;0", CultureInfo.InvariantCulture);
}
