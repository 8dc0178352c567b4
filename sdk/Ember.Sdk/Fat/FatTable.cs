using System;
using System.Buffers.Binary;

namespace Ember.Sdk.Fat;

/// <summary>How the entries of an allocation table are stored (FAT specification, section 4).</summary>
internal static class FatTable
{
    /// <summary>The entry of a chain's last cluster, as it is written. Entry 1 has it too: the volume is in order.</summary>
    public static uint EndOfChain(FatType type) => type switch
    {
        FatType.Fat12 => 0xFFF,
        FatType.Fat16 => 0xFFFF,
        _ => 0x0FFF_FFFF,
    };

    /// <summary>The least value that ends a chain.</summary>
    public static uint LeastEndOfChain(FatType type) => EndOfChain(type) - 7;

    /// <summary>Entry 0.</summary>
    public static uint MediaEntry(FatType type) => EndOfChain(type) & ~0xFFu | FatBootSector.FixedMedia;

    /// <summary>Makes the bytes of a table, or of its beginning.</summary>
    public static byte[] Encode(ReadOnlySpan<uint> entries, FatType type)
    {
        byte[] bytes = new byte[(entries.Length * (long)type + 7) / 8];
        for (int i = 0; i < entries.Length; i++)
        {
            switch (type)
            {
                case FatType.Fat12:
                    int offset = i * 3 / 2;
                    uint shifted = i % 2 == 0 ? entries[i] : entries[i] << 4;
                    bytes[offset] |= (byte)shifted;
                    bytes[offset + 1] = (byte)(shifted >> 8);
                    break;
                case FatType.Fat16:
                    BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(i * sizeof(ushort)), (ushort)entries[i]);
                    break;
                default:
                    BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(i * sizeof(uint)), entries[i]);
                    break;
            }
        }

        return bytes;
    }

    /// <summary>Reads every entry of a table; bits that are left over at its end are one entry more.</summary>
    public static uint[] Decode(ReadOnlySpan<byte> bytes, FatType type)
    {
        uint[] entries = new uint[(bytes.Length * 8L + (int)type - 1) / (int)type];
        for (int i = 0; i < entries.Length; i++)
        {
            switch (type)
            {
                case FatType.Fat12:
                    int offset = i * 3 / 2;
                    int word = bytes[offset] | (offset + 1 < bytes.Length ? bytes[offset + 1] << 8 : 0);
                    entries[i] = (uint)(i % 2 == 0 ? word & 0xFFF : word >> 4);
                    break;
                case FatType.Fat16:
                    entries[i] = BinaryPrimitives.ReadUInt16LittleEndian(bytes[(i * sizeof(ushort))..]);
                    break;
                default:
                    entries[i] = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(i * sizeof(uint))..]);
                    break;
            }
        }

        return entries;
    }
}
