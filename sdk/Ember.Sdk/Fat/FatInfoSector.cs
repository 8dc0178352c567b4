using System;
using System.Buffers.Binary;

namespace Ember.Sdk.Fat;

/// <summary>The FSInfo sector, which saves a driver from counting free clusters (FAT specification, section 5).</summary>
/// <param name="FreeClusters">Clusters that nothing uses (FSI_Free_Count).</param>
/// <param name="NextFreeCluster">Where to look for one first (FSI_Nxt_Free).</param>
internal readonly record struct FatInfoSector(uint FreeClusters, uint NextFreeCluster)
{
    /// <summary>The value that says nothing.</summary>
    public const uint Unknown = 0xFFFF_FFFF;

    private const uint LeadSignature = 0x4161_5252;
    private const uint StructSignature = 0x6141_7272;
    private const uint TrailSignature = 0xAA55_0000;

    /// <summary>Writes it into a zeroed sector.</summary>
    public void Encode(Span<byte> sector)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(sector, LeadSignature);
        BinaryPrimitives.WriteUInt32LittleEndian(sector[484..], StructSignature);
        BinaryPrimitives.WriteUInt32LittleEndian(sector[488..], FreeClusters);
        BinaryPrimitives.WriteUInt32LittleEndian(sector[492..], NextFreeCluster);
        BinaryPrimitives.WriteUInt32LittleEndian(sector[508..], TrailSignature);
    }

    /// <summary>Reads it.</summary>
    /// <exception cref="ImageException">It is not one.</exception>
    public static FatInfoSector Decode(ReadOnlySpan<byte> sector)
    {
        FatReader.Require(
            BinaryPrimitives.ReadUInt32LittleEndian(sector) == LeadSignature
            && BinaryPrimitives.ReadUInt32LittleEndian(sector[484..]) == StructSignature
            && BinaryPrimitives.ReadUInt32LittleEndian(sector[508..]) == TrailSignature,
            "FSInfo", "a signature is missing");
        FatReader.Require(
            !sector[4..484].ContainsAnyExcept((byte)0) && !sector[496..508].ContainsAnyExcept((byte)0),
            "FSInfo", "reserved fields are not zero");
        return new FatInfoSector(
            BinaryPrimitives.ReadUInt32LittleEndian(sector[488..]), BinaryPrimitives.ReadUInt32LittleEndian(sector[492..]));
    }
}
