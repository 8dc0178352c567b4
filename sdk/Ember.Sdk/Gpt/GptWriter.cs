using System;
using System.Buffers.Binary;
using System.IO.Hashing;

namespace Ember.Sdk.Gpt;

/// <summary>
/// Makes the two stretches of sectors that a GUID partition table consists of. The same table gives the same bytes.
/// </summary>
public static class GptWriter
{
    /// <summary>What goes to the start of the disk: protective MBR, primary header, entries.</summary>
    /// <exception cref="ImageException">The table breaks a rule of the format.</exception>
    public static byte[] Primary(GptTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        table.Check(ErrorKind.Input);
        byte[] sectors = new byte[GptTable.FirstUsableLba * GptTable.SectorSize];
        Span<byte> entries = sectors.AsSpan(2 * GptTable.SectorSize);
        EncodeEntries(entries, table);
        ProtectiveMbr.Encode(sectors.AsSpan(0, GptTable.SectorSize), table.SectorCount);
        Header(table, myLba: 1, alternateLba: table.SectorCount - 1, entriesLba: 2, entries)
            .Encode(sectors.AsSpan(GptTable.SectorSize, GptTable.SectorSize));
        return sectors;
    }

    /// <summary>What goes to the very end of the disk: entries, backup header.</summary>
    /// <exception cref="ImageException">The table breaks a rule of the format.</exception>
    public static byte[] Backup(GptTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        table.Check(ErrorKind.Input);
        byte[] sectors = new byte[(GptTable.EntrySectors + 1) * GptTable.SectorSize];
        Span<byte> entries = sectors.AsSpan(0, GptTable.EntrySectors * GptTable.SectorSize);
        EncodeEntries(entries, table);
        Header(table, myLba: table.SectorCount - 1, alternateLba: 1, entriesLba: table.LastUsableLba + 1, entries)
            .Encode(sectors.AsSpan(entries.Length));
        return sectors;
    }

    private static GptHeader Header(
        GptTable table, long myLba, long alternateLba, long entriesLba, ReadOnlySpan<byte> entries) =>
        new(myLba, alternateLba, GptTable.FirstUsableLba, table.LastUsableLba, table.DiskId, entriesLba,
            Crc32.HashToUInt32(entries));

    private static void EncodeEntries(Span<byte> entries, GptTable table)
    {
        foreach (GptPartition partition in table.Partitions)
        {
            partition.Type.TryWriteBytes(entries);
            partition.Id.TryWriteBytes(entries[16..]);
            BinaryPrimitives.WriteInt64LittleEndian(entries[32..], partition.FirstLba);
            BinaryPrimitives.WriteInt64LittleEndian(entries[40..], partition.LastLba);
            BinaryPrimitives.WriteUInt64LittleEndian(entries[48..], partition.Attributes);
            for (int i = 0; i < partition.Name.Length; i++)
            {
                BinaryPrimitives.WriteUInt16LittleEndian(entries[(56 + 2 * i)..], partition.Name[i]);
            }

            entries = entries[GptTable.EntrySize..];
        }
    }
}
