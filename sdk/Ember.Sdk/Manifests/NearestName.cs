using System;
using System.Collections.Generic;
using System.Linq;

namespace Ember.Sdk.Manifests;

/// <summary>What somebody who mistyped a name may have meant.</summary>
internal static class NearestName
{
    /// <summary>The candidate fewest keystrokes away, if it is near enough to be what was meant.</summary>
    public static string? Of(string name, IEnumerable<string> candidates)
    {
        (string Candidate, int Distance) nearest = candidates
            .Select(candidate => (candidate, Distance(name, candidate)))
            .OrderBy(pair => pair.Item2)
            .ThenBy(pair => pair.candidate, StringComparer.Ordinal)
            .FirstOrDefault(("", int.MaxValue));
        return nearest.Distance <= Math.Min(name.Length - 1, Math.Max(2, name.Length / 3)) ? nearest.Candidate : null;
    }

    /// <summary>Characters to insert, delete or replace (Levenshtein's distance), counting <c>-</c> and <c>_</c> as one.</summary>
    private static int Distance(string from, string to)
    {
        int[] row = [.. Enumerable.Range(0, to.Length + 1)];
        for (int i = 1; i <= from.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.Length; j++)
            {
                int replaced = diagonal + (Fold(from[i - 1]) == Fold(to[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }

    private static char Fold(char character) => character == '-' ? '_' : char.ToLowerInvariant(character);
}
