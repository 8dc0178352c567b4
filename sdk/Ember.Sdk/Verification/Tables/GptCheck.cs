using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO.Hashing;
using System.Text;
using Ember.Sdk.Verification.Rules;

namespace Ember.Sdk.Verification.Tables;

/// <summary>Checks both copies of the GUID partition table (UEFI specification 2.10, 5.3).</summary>
internal static class GptCheck
{
    private const int EntryCount = 128;
    private const int EntrySize = 128;
    private const int HeaderSize = 92;
    private const int CrcOffset = 16;
    private const int NameOffset = 56;

    private static ReadOnlySpan<byte> Signature => "EFI PART"u8;

    /// <summary>The sectors that the primary header gives the disk, when it is one: a device may have more.</summary>
    public static long? StatedSectors(ImageBytes image)
    {
        byte[] header = image.Read(ImageBytes.SectorSize, ImageBytes.SectorSize);
        ulong backup = BinaryPrimitives.ReadUInt64LittleEndian(header.AsSpan(32));
        return header.AsSpan().StartsWith(Signature) && backup < (ulong)(image.Length / ImageBytes.SectorSize) ? (long)backup + 1 : null;
    }

    /// <summary>Checks everything but what the entries say.</summary>
    /// <returns>The entries that are in use, of the copy that is whole.</returns>
    public static List<PartitionEntry> Run(ImageBytes image, Findings findings)
    {
        const int EntryBytes = EntryCount * EntrySize;
        const long EntrySectors = EntryBytes / ImageBytes.SectorSize;
        long last = (image.Length / ImageBytes.SectorSize) - 1;
        byte[] primary = image.Read(ImageBytes.SectorSize, ImageBytes.SectorSize);
        byte[] backup = image.Read(last * ImageBytes.SectorSize, ImageBytes.SectorSize);
        byte[] entries = image.Read(2 * ImageBytes.SectorSize, EntryBytes);
        byte[] backupEntries = image.Read((last - EntrySectors) * ImageBytes.SectorSize, EntryBytes);
        bool isWhole = CheckHeader(new Place("primary GPT header", Offset: ImageBytes.SectorSize), primary, entries, 1, last, 2);
        bool isBackupWhole = CheckHeader(
            new Place("backup GPT header", Offset: last * ImageBytes.SectorSize), backup, backupEntries, last, 1, last - EntrySectors);
        Guid id = new(primary.AsSpan(56, 16));
        findings.Require(id != Guid.Empty && id == new Guid(backup.AsSpan(56, 16)), TableRules.DiskId, new Place("GPT headers"),
            $"they have {id} and {new Guid(backup.AsSpan(56, 16))}");
        int same = entries.AsSpan().CommonPrefixLength(backupEntries);
        findings.Require(same == EntryBytes, TableRules.SameEntries,
            new Place("backup GPT entries", Offset: ((last - EntrySectors) * ImageBytes.SectorSize) + same),
            $"entry {(same / EntrySize) + 1} differs from the primary one");
        return isWhole || !isBackupWhole
            ? ReadEntries(entries, 2 * ImageBytes.SectorSize, findings)
            : ReadEntries(backupEntries, (last - EntrySectors) * ImageBytes.SectorSize, findings);

        bool CheckHeader(Place place, ReadOnlySpan<byte> header, ReadOnlySpan<byte> array, long my, long alternate, long entriesLba)
        {
            if (!findings.Require(header.StartsWith(Signature), TableRules.Signature, place, $"it does not"))
            {
                return false;
            }

            uint revision = BinaryPrimitives.ReadUInt32LittleEndian(header[8..]);
            findings.Require(revision == 0x10000, TableRules.Revision, place, $"it has {revision >> 16}.{revision & 0xFFFF}");
            uint size = BinaryPrimitives.ReadUInt32LittleEndian(header[12..]);
            findings.Require(size == HeaderSize, TableRules.HeaderSize, place, $"it says {size}");
            uint crc = Crc32.HashToUInt32([.. header[..CrcOffset], 0, 0, 0, 0, .. header[(CrcOffset + 4)..HeaderSize]]);
            uint stated = BinaryPrimitives.ReadUInt32LittleEndian(header[CrcOffset..]);
            bool isWhole = findings.Require(stated == crc, TableRules.HeaderCrc, place, $"it is {stated:X8} and should be {crc:X8}");
            findings.Require(!header.Slice(20, 4).ContainsAnyExcept((byte)0), TableRules.Reserved, place, $"it is not");
            findings.Require(!header[HeaderSize..].ContainsAnyExcept((byte)0), TableRules.Rest, place, $"it is not");
            Lba(header, 24, my, TableRules.MyLba, "itself");
            Lba(header, 32, alternate, TableRules.AlternateLba, "the other");
            Lba(header, 40, 2 + EntrySectors, TableRules.Usable, "the first usable sector");
            Lba(header, 48, last - EntrySectors - 1, TableRules.Usable, "the last usable sector");
            Lba(header, 72, entriesLba, TableRules.EntriesLba, "the entries");
            uint count = BinaryPrimitives.ReadUInt32LittleEndian(header[80..]);
            uint entrySize = BinaryPrimitives.ReadUInt32LittleEndian(header[84..]);
            findings.Require(count == EntryCount && entrySize == EntrySize, TableRules.EntryArray, place,
                $"there are {count} of {entrySize}");
            uint arrayCrc = BinaryPrimitives.ReadUInt32LittleEndian(header[88..]);
            bool areWhole = findings.Require(arrayCrc == Crc32.HashToUInt32(array), TableRules.EntriesCrc, place,
                $"it is {arrayCrc:X8} and should be {Crc32.HashToUInt32(array):X8}");
            return isWhole && areWhole;

            void Lba(ReadOnlySpan<byte> sector, int offset, long expected, Rule rule, string what)
            {
                ulong value = BinaryPrimitives.ReadUInt64LittleEndian(sector[offset..]);
                findings.Require(value == (ulong)expected, rule, place.At(place.Offset!.Value + offset),
                    $"it puts {what} in sector {value}, not {expected}");
            }
        }
    }

    private static List<PartitionEntry> ReadEntries(ReadOnlySpan<byte> entries, long offset, Findings findings)
    {
        List<PartitionEntry> partitions = [];
        for (int i = 0; i < EntryCount; i++)
        {
            ReadOnlySpan<byte> entry = entries.Slice(i * EntrySize, EntrySize);
            Place place = new($"GPT entry {i + 1}", Offset: offset + (i * EntrySize));
            if (new Guid(entry[..16]) == Guid.Empty)
            {
                findings.Require(!entry.ContainsAnyExcept((byte)0), TableRules.UnusedEntry, place,
                    $"its type is zero, and not the rest of it");
                continue;
            }

            findings.Require(i == partitions.Count, TableRules.EntryOrder, place, $"an entry before it is not in use");
            string name = Encoding.Unicode.GetString(entry[NameOffset..]);
            int end = name.IndexOf('\0', StringComparison.Ordinal);
            findings.Require(end < 0 || !name.AsSpan(end).ContainsAnyExcept('\0'), TableRules.NameEnd,
                place.At(place.Offset!.Value + NameOffset),
                $"there is something behind the end of its name");
            partitions.Add(new PartitionEntry(
                i + 1,
                new Guid(entry[..16]),
                new Guid(entry.Slice(16, 16)),
                BinaryPrimitives.ReadUInt64LittleEndian(entry[32..]),
                BinaryPrimitives.ReadUInt64LittleEndian(entry[40..]),
                BinaryPrimitives.ReadUInt64LittleEndian(entry[48..]),
                end < 0 ? name : name[..end]));
        }

        return partitions;
    }
}
