using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.IO.Hashing;

namespace Ember.Sdk.Gpt;

/// <summary>
/// Reads a GUID partition table and takes nothing on trust: firmware forgives broken tables, some of it today and none of it
/// tomorrow, so both copies, every checksum, every reserved field and every rule between partitions must hold.
/// </summary>
public static class GptReader
{
    internal const string Remedy = "write the image anew";

    /// <summary>Reads the table of a whole disk image.</summary>
    /// <param name="image">Readable and seekable; its length is the disk's.</param>
    /// <exception cref="ImageException">Something is not as it must be (<see cref="ErrorKind.Checked"/>).</exception>
    public static GptTable Read(Stream image)
    {
        ArgumentNullException.ThrowIfNull(image);
        long sectorCount = image.Length / GptTable.SectorSize;
        Require(image.Length % GptTable.SectorSize == 0, "partition table", "the image does not end on a whole sector");
        Require(sectorCount >= GptTable.MinimumSectorCount, "partition table", $"{sectorCount} sectors cannot hold one");

        ProtectiveMbr.Check(ReadSectors(image, 0, 1), sectorCount);
        GptHeader primary = ReadHeader(image, 1, sectorCount - 1, 2, "primary GPT header");
        GptHeader backup = ReadHeader(image, sectorCount - 1, 1, sectorCount - 1 - GptTable.EntrySectors, "backup GPT header");
        byte[] entries = ReadEntries(image, primary, "primary GPT entries");
        byte[] backupEntries = ReadEntries(image, backup, "backup GPT entries");
        Require(primary.DiskId == backup.DiskId, "backup GPT header", "its disk identifier differs from the primary's");
        Require(entries.AsSpan().SequenceEqual(backupEntries), "backup GPT entries", "they differ from the primary ones");

        GptTable table = new(primary.DiskId, sectorCount, DecodeEntries(entries));
        table.Check(ErrorKind.Checked);
        return table;
    }

    private static GptHeader ReadHeader(Stream image, long lba, long alternateLba, long entriesLba, string where)
    {
        GptHeader header = GptHeader.Decode(ReadSectors(image, lba, 1), where);
        long lastUsableLba = image.Length / GptTable.SectorSize - GptTable.EntrySectors - 2;
        Require(header.MyLba == lba, where, $"it says it lies in sector {header.MyLba}, and lies in {lba}");
        Require(header.AlternateLba == alternateLba, where,
            $"it puts the other copy in sector {header.AlternateLba}, and {alternateLba} is right");
        Require(header.EntriesLba == entriesLba, where, $"it puts its entries in sector {header.EntriesLba}, not {entriesLba}");
        Require(header.FirstUsableLba == GptTable.FirstUsableLba && header.LastUsableLba == lastUsableLba, where,
            $"its usable sectors are {header.FirstUsableLba} to {header.LastUsableLba}, "
            + $"not {GptTable.FirstUsableLba} to {lastUsableLba}");
        return header;
    }

    private static byte[] ReadEntries(Stream image, GptHeader header, string where)
    {
        byte[] entries = ReadSectors(image, header.EntriesLba, GptTable.EntrySectors);
        Require(Crc32.HashToUInt32(entries) == header.EntriesCrc32, where, "their CRC-32 is wrong");
        return entries;
    }

    private static List<GptPartition> DecodeEntries(ReadOnlySpan<byte> entries)
    {
        List<GptPartition> partitions = [];
        for (int i = 0; i < GptTable.EntryCount; i++)
        {
            ReadOnlySpan<byte> entry = entries.Slice(i * GptTable.EntrySize, GptTable.EntrySize);
            string where = $"GPT entry {i}";
            Guid type = new(entry[..16]);
            if (type == GptPartitionType.Unused)
            {
                Require(!entry.ContainsAnyExcept((byte)0), where, "it is not in use, and not zero");
                continue;
            }

            Require(i == partitions.Count, where, "there is an unused entry before it");
            partitions.Add(new GptPartition(
                type,
                new Guid(entry.Slice(16, 16)),
                BinaryPrimitives.ReadInt64LittleEndian(entry[32..]),
                BinaryPrimitives.ReadInt64LittleEndian(entry[40..]),
                DecodeName(entry[56..], where),
                BinaryPrimitives.ReadUInt64LittleEndian(entry[48..])));
        }

        return partitions;
    }

    private static string DecodeName(ReadOnlySpan<byte> field, string where)
    {
        Span<char> name = stackalloc char[GptTable.MaximumNameLength];
        for (int i = 0; i < name.Length; i++)
        {
            name[i] = (char)BinaryPrimitives.ReadUInt16LittleEndian(field[(2 * i)..]);
        }

        int end = name.IndexOf('\0');
        if (end < 0)
        {
            return name.ToString();
        }

        Require(!name[end..].ContainsAnyExcept('\0'), where, "there is something after the end of its name");
        return name[..end].ToString();
    }

    private static byte[] ReadSectors(Stream image, long lba, int count)
    {
        byte[] sectors = new byte[count * GptTable.SectorSize];
        image.Position = lba * GptTable.SectorSize;
        image.ReadExactly(sectors);
        return sectors;
    }

    private static void Require(bool holds, string where, string what)
    {
        if (!holds)
        {
            throw new ImageException(ErrorKind.Checked, where, what, Remedy);
        }
    }
}
