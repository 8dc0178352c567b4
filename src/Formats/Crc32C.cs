using System;

namespace Ember.Formats;

/// <summary>CRC-32C (Castagnoli), as iSCSI has it (RFC 3720, appendix B.4): for a sector or so, bit by bit.</summary>
public static class Crc32C
{
    private const uint ReflectedPolynomial = 0x82F6_3B78;

    /// <summary>The checksum of bytes.</summary>
    public static uint Compute(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ ReflectedPolynomial : crc >> 1;
            }
        }

        return ~crc;
    }
}
