using System;
using System.Globalization;

namespace Ember.Sdk.Manifests;

/// <summary>Sizes as people write them: <c>256MiB</c>.</summary>
public static class ByteSize
{
    private static readonly (string Unit, int Shift)[] _units = [("KiB", 10), ("MiB", 20), ("GiB", 30), ("TiB", 40)];

    /// <summary>Reads a whole number followed by KiB, MiB, GiB or TiB.</summary>
    /// <param name="text">The text, without spaces.</param>
    /// <param name="bytes">The size in bytes, above zero.</param>
    /// <returns>False when it is anything else, or more than a long holds.</returns>
    public static bool TryParse(string text, out long bytes)
    {
        foreach ((string unit, int shift) in _units)
        {
            if (text.EndsWith(unit, StringComparison.Ordinal)
                && long.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.None, CultureInfo.InvariantCulture, out long count)
                && count > 0
                && count <= long.MaxValue >> shift)
            {
                bytes = count << shift;
                return true;
            }
        }

        bytes = 0;
        return false;
    }

    /// <summary>Writes a size with the largest unit that keeps it whole.</summary>
    public static string Format(long bytes)
    {
        for (int i = _units.Length - 1; i >= 0; i--)
        {
            (string unit, int shift) = _units[i];
            if (bytes != 0 && bytes % (1L << shift) == 0)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{bytes >> shift}{unit}");
            }
        }

        return string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes");
    }
}
