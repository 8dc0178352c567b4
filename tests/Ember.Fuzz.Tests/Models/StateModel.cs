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
            || !IsRecord(sector[40..48]) || !IsRecord(sector[48..56]) || !Text.AreZero(sector[56..]))
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

    private static bool IsRecord(ReadOnlySpan<byte> record) =>
        Text.Number(record, 0) <= 3 && Text.Number(record, 4) <= (Text.Number(record, 0) == 1 ? 3 : 0);

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
