using System;

namespace Ember.Formats;

/// <summary>Runs of bytes.</summary>
internal static class Bytes
{
    /// <summary>Whether two have the same length and the same bytes.</summary>
    public static bool AreEqual(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        int i = 0;
        while (i < left.Length && i < right.Length && left[i] == right[i])
        {
            i++;
        }

        return i == left.Length && i == right.Length;
    }
}
