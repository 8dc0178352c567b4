using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;

namespace Ember.Sdk.Footprint.Reports;

/// <summary>The history for a person at a terminal: a line for each of the last builds.</summary>
public static class HistoryText
{
    /// <summary>Writes the history.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="history">The builds, the oldest first.</param>
    /// <param name="top">Builds shown at most: the last ones.</param>
    public static void Write(TextWriter output, IReadOnlyList<HistoryEntry> history, int top)
    {
        HistoryEntry[] shown = [.. history.TakeLast(top + 1)];
        int width = shown.Max(entry => entry.Revision.Length);
        for (int i = history.Count > top ? 1 : 0; i < shown.Length; i++)
        {
            string change = i == 0
                ? ""
                : (shown[i].Sizes.File - shown[i - 1].Sizes.File).ToString("+#,0;-#,0;0", CultureInfo.InvariantCulture);
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{shown[i].Revision.PadRight(width)}  {shown[i].Sizes.File,9:N0}  {change,9}").TrimEnd());
        }
    }
}
