using System;
using System.Collections.Generic;

namespace Ember.Fuzz.Tests.Engine;

/// <summary>Values at which code goes wrong.</summary>
internal static class FieldValues
{
    private static readonly ulong[] _numbers =
    [
        0, 1, 2, 3, 4, 7, 8, 16, 31, 32, 47, 48, 63, 64, 80, 81, 127, 128, 255, 256, 384, 511, 512, 513, 1023, 1024, 1025, 4095, 4096,
        0x7FFF, 0x8000, 0xFFFF, 0x1_0000, 1 << 20, 1 << 24, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, 0x1_0000_0000, 0x7FFF_FFFF_FFFF_FFFF,
        0x8000_0000_0000_0000, 0xFFFF_FFFF_FFFF_FE00, ulong.MaxValue,
    ];

    /// <summary>How many numbers there are.</summary>
    public static int NumberCount => _numbers.Length;

    /// <summary>A number.</summary>
    public static ulong Number(int index) => _numbers[index];

    /// <summary>All values that a field is to be tried with.</summary>
    /// <param name="current">What it holds.</param>
    public static IEnumerable<byte[]> Of(byte[] current)
    {
        if (current.Length is 1 or 2 or 4 or 8)
        {
            ulong value = Read(current);
            foreach (ulong number in (ulong[])[.. _numbers, value + 1, value - 1, value ^ (1UL << ((current.Length * 8) - 1)), value * 2])
            {
                yield return Write(number, current.Length);
            }

            yield break;
        }

        // Text and digests: empty, not ended, ended early, with something behind the end, with a character that it must not have.
        foreach (byte filler in (byte[])[0, (byte)'A', 0xFF])
        {
            byte[] filled = new byte[current.Length];
            filled.AsSpan().Fill(filler);
            yield return filled;
        }

        foreach (int at in (int[])[0, current.Length / 2, current.Length - 1])
        {
            foreach (byte value in (byte[])[0, 1, (byte)'A', (byte)'/', 0x7F, (byte)(current[at] ^ 0x20), (byte)(current[at] ^ 0x80)])
            {
                byte[] changed = [.. current];
                changed[at] = value;
                yield return changed;
            }
        }
    }

    /// <summary>A little-endian number.</summary>
    public static ulong Read(ReadOnlySpan<byte> bytes)
    {
        ulong value = 0;
        for (int i = bytes.Length - 1; i >= 0; i--)
        {
            value = (value << 8) | bytes[i];
        }

        return value;
    }

    private static byte[] Write(ulong value, int length) => BitConverter.GetBytes(value)[..length];
}
