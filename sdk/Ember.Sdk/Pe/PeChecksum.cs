using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ember.Sdk.Pe;

/// <summary>The checksum in an image's header: 16-bit words of the file added with their carries, and its length.</summary>
internal static class PeChecksum
{
    /// <summary>Adds up a piece of a file. Pieces but the last have a multiple of four bytes.</summary>
    /// <remarks>By four bytes at a time: that a carry is worth one holds for 16 bits as for 32.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static ulong Sum(ReadOnlySpan<byte> piece)
    {
        ulong sum = 0;
        foreach (uint word in MemoryMarshal.Cast<byte, uint>(piece))
        {
            sum += word;
        }

        ReadOnlySpan<byte> rest = piece[(piece.Length & ~3)..];
        for (int i = 0; i < rest.Length; i++)
        {
            sum += (ulong)rest[i] << (8 * i);
        }

        return sum;
    }

    /// <summary>The checksum of a file in which it is zero.</summary>
    /// <param name="sum">Of all pieces.</param>
    /// <param name="length">Of the file.</param>
    public static uint Of(ulong sum, long length)
    {
        while (sum >> 16 != 0)
        {
            sum = (sum & 0xFFFF) + (sum >> 16);
        }

        return (uint)(sum + (ulong)length);
    }
}
