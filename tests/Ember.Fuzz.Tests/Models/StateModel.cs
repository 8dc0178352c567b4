using System;
using System.Buffers.Binary;
using System.Numerics;

namespace Ember.Fuzz.Tests.Models;

/// <summary>A copy of the banks' state as sdk/docs/banks.md describes it, read without the reader's code.</summary>
internal static class StateModel
{
    private const int Size = 512;
    private const int ChecksumOffset = 12;

    /// <summary>The number of a copy; null when it is none.</summary>
    public static ulong? NumberOf(ReadOnlySpan<byte> sector)
    {
        if (sector.Length != Size || !sector.StartsWith("EMBRSTAT"u8) || Text.Number(sector, 8) != 1
            || Text.Number(sector, ChecksumOffset) != ChecksumOf(sector) || Text.Number(sector, 32) > 1 || Text.Number(sector, 36) != 0
            || !IsRecord(Text.Number(sector, 40), Text.Number(sector, 44)) || !IsRecord(Text.Number(sector, 48), Text.Number(sector, 52))
            || !Text.AreZero(sector[56..]))
        {
            return null;
        }

        return Text.Long(sector, 16);
    }

    /// <summary>Makes the checksum right, where there is one.</summary>
    public static void Mend(Span<byte> sector)
    {
        if (sector.Length >= ChecksumOffset + sizeof(uint))
        {
            BinaryPrimitives.WriteUInt32LittleEndian(sector[ChecksumOffset..], ChecksumOf(sector));
        }
    }

    /// <summary>Whether a bank can be so: 0 for empty, 1 for a trial, 2 for good, 3 for bad, and so many tries left.</summary>
    public static bool IsRecord(uint condition, uint tries) => condition <= 3 && tries <= (condition == 1 ? 3 : 0);

    private static uint ChecksumOf(ReadOnlySpan<byte> sector)
    {
        Span<byte> copy = [.. sector];
        copy.Slice(ChecksumOffset, sizeof(uint)).Clear();
        uint crc = uint.MaxValue;
        while (copy.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(copy));
            copy = copy[sizeof(ulong)..];
        }

        foreach (byte value in copy)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return ~crc;
    }
}
