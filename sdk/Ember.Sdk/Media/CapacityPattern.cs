using System;
using System.Buffers.Binary;

namespace Ember.Sdk.Media;

/// <summary>
/// Sectors that say where they were written, so that reading one back tells whether it is there, somewhere else, or gone. Nothing in them
/// can be taken for a table or a boot sector, and they compress badly, so that a controller cannot keep them small.
/// </summary>
internal static class CapacityPattern
{
    /// <summary>Bytes of one mark.</summary>
    public const int SectorSize = 512;

    private const ulong Magic = 0x4B52414D_5245424D; // "MBERMARK"
    private const int FirstFill = 16;

    /// <summary>Fills whole sectors.</summary>
    /// <param name="sectors">What is filled.</param>
    /// <param name="offset">Where on the medium it will lie.</param>
    public static void Fill(Span<byte> sectors, long offset)
    {
        for (int start = 0; start < sectors.Length; start += SectorSize)
        {
            Span<byte> sector = sectors.Slice(start, SectorSize);
            ulong state = (ulong)(offset + start) ^ Magic;
            BinaryPrimitives.WriteUInt64LittleEndian(sector, Magic);
            BinaryPrimitives.WriteInt64LittleEndian(sector[8..], offset + start);
            for (int i = FirstFill; i < SectorSize; i += sizeof(ulong))
            {
                // Marsaglia's xorshift: never zero, for the magic is not.
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                BinaryPrimitives.WriteUInt64LittleEndian(sector[i..], state);
            }
        }
    }

    /// <summary>Where the mark in a sector was written; null if there is no whole mark.</summary>
    public static long? OffsetIn(ReadOnlySpan<byte> sector)
    {
        long offset = BinaryPrimitives.ReadInt64LittleEndian(sector[8..]);
        Span<byte> mark = stackalloc byte[SectorSize];
        Fill(mark, offset);
        return mark.SequenceEqual(sector) ? offset : null;
    }
}
