using System;

namespace Ember.Formats.Banks;

/// <summary>The order of product versions.</summary>
public static class ProductVersions
{
    /// <summary>Whether a version is above another: numbers in them count as numbers, so 1.10 is above 1.9; all else counts byte by byte; of
    /// two that begin alike the longer one is above.</summary>
    /// <param name="version">ASCII.</param>
    /// <param name="other">ASCII.</param>
    public static bool IsAbove(ReadOnlySpan<byte> version, ReadOnlySpan<byte> other)
    {
        int i = 0;
        int j = 0;
        while (i < version.Length && j < other.Length)
        {
            ReadOnlySpan<byte> number = NumberAt(version, ref i);
            ReadOnlySpan<byte> otherNumber = NumberAt(other, ref j);
            int order = number.Length != otherNumber.Length ? number.Length - otherNumber.Length : Compare(number, otherNumber);
            if (order == 0 && i < version.Length && j < other.Length)
            {
                order = version[i++] - other[j++];
            }

            if (order != 0)
            {
                return order > 0;
            }
        }

        return i < version.Length;
    }

    /// <summary>The digits at a place, without zeros in front; none where there are none.</summary>
    private static ReadOnlySpan<byte> NumberAt(ReadOnlySpan<byte> text, ref int at)
    {
        while (at < text.Length && text[at] == (byte)'0')
        {
            at++;
        }

        int start = at;
        while (at < text.Length && text[at] is >= (byte)'0' and <= (byte)'9')
        {
            at++;
        }

        return text.Slice(start, at - start);
    }

    private static int Compare(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        for (int i = 0; i < left.Length; i++)
        {
            if (left[i] != right[i])
            {
                return left[i] - right[i];
            }
        }

        return 0;
    }
}
