using System;
using System.Buffers.Binary;
using System.IO.Hashing;

namespace Ember.Sdk.Gpt;

/// <summary>The GPT header, one of the two copies (UEFI 2.10 §5.3.2, table 5.5).</summary>
/// <param name="MyLba">Where this copy lies.</param>
/// <param name="AlternateLba">Where the other copy lies.</param>
/// <param name="FirstUsableLba">First sector that a partition may use.</param>
/// <param name="LastUsableLba">Last sector that a partition may use.</param>
/// <param name="DiskId">Identifier of the disk.</param>
/// <param name="EntriesLba">Where the entries that belong to this copy begin.</param>
/// <param name="EntriesCrc32">CRC-32 of all the entries.</param>
internal readonly record struct GptHeader(
    long MyLba, long AlternateLba, long FirstUsableLba, long LastUsableLba, Guid DiskId, long EntriesLba, uint EntriesCrc32)
{
    private const int Size = 92;
    private const uint Revision = 0x0001_0000;

    private static ReadOnlySpan<byte> Signature => "EFI PART"u8;

    /// <summary>Writes the header into a zeroed sector.</summary>
    public void Encode(Span<byte> sector)
    {
        Signature.CopyTo(sector);
        BinaryPrimitives.WriteUInt32LittleEndian(sector[8..], Revision);
        BinaryPrimitives.WriteUInt32LittleEndian(sector[12..], Size);
        BinaryPrimitives.WriteInt64LittleEndian(sector[24..], MyLba);
        BinaryPrimitives.WriteInt64LittleEndian(sector[32..], AlternateLba);
        BinaryPrimitives.WriteInt64LittleEndian(sector[40..], FirstUsableLba);
        BinaryPrimitives.WriteInt64LittleEndian(sector[48..], LastUsableLba);
        DiskId.TryWriteBytes(sector[56..]);
        BinaryPrimitives.WriteInt64LittleEndian(sector[72..], EntriesLba);
        BinaryPrimitives.WriteInt32LittleEndian(sector[80..], GptTable.EntryCount);
        BinaryPrimitives.WriteInt32LittleEndian(sector[84..], GptTable.EntrySize);
        BinaryPrimitives.WriteUInt32LittleEndian(sector[88..], EntriesCrc32);
        BinaryPrimitives.WriteUInt32LittleEndian(sector[16..], Crc32.HashToUInt32(sector[..Size]));
    }

    /// <summary>Reads a header and checks everything that a sector alone can show.</summary>
    /// <exception cref="ImageException">The header is damaged.</exception>
    public static GptHeader Decode(ReadOnlySpan<byte> sector, string where)
    {
        Require(sector[..8].SequenceEqual(Signature), "no 'EFI PART' signature");
        Require(BinaryPrimitives.ReadUInt32LittleEndian(sector[8..]) == Revision, "its revision is not 1.0");
        Require(BinaryPrimitives.ReadUInt32LittleEndian(sector[12..]) == Size, $"its size is not {Size}");
        byte[] unsummed = sector[..Size].ToArray();
        unsummed.AsSpan(16, 4).Clear();
        Require(BinaryPrimitives.ReadUInt32LittleEndian(sector[16..]) == Crc32.HashToUInt32(unsummed), "its CRC-32 is wrong");
        Require(BinaryPrimitives.ReadUInt32LittleEndian(sector[20..]) == 0, "its reserved field is not zero");
        Require(!sector[Size..].ContainsAnyExcept((byte)0), "the rest of its sector is not zero");
        Require(BinaryPrimitives.ReadInt32LittleEndian(sector[80..]) == GptTable.EntryCount
            && BinaryPrimitives.ReadInt32LittleEndian(sector[84..]) == GptTable.EntrySize,
            $"the entries are not {GptTable.EntryCount} of {GptTable.EntrySize} bytes");
        return new GptHeader(
            BinaryPrimitives.ReadInt64LittleEndian(sector[24..]),
            BinaryPrimitives.ReadInt64LittleEndian(sector[32..]),
            BinaryPrimitives.ReadInt64LittleEndian(sector[40..]),
            BinaryPrimitives.ReadInt64LittleEndian(sector[48..]),
            new Guid(sector.Slice(56, 16)),
            BinaryPrimitives.ReadInt64LittleEndian(sector[72..]),
            BinaryPrimitives.ReadUInt32LittleEndian(sector[88..]));

        void Require(bool holds, string what)
        {
            if (!holds)
            {
                throw new ImageException(ErrorKind.Checked, where, what, GptReader.Remedy);
            }
        }
    }
}
