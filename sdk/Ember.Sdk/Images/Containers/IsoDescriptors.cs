using System;
using System.Buffers.Binary;

namespace Ember.Sdk.Images.Containers;

/// <summary>
/// What makes a disc of an image: volume descriptors with an empty root directory (ECMA-119) and a boot catalog (El Torito 1.0, as UEFI
/// 2.10, section 13.3.2, uses it). It names no time.
/// </summary>
internal static class IsoDescriptors
{
    /// <summary>Bytes of a disc's sector.</summary>
    public const int SectorSize = 2048;

    /// <summary>Where it goes: behind what ECMA-119 leaves to others.</summary>
    public const int Offset = FirstSector * SectorSize;

    /// <summary>The most boot entries that the catalog's sector holds.</summary>
    public const int MostEntries = (SectorSize / EntrySize) - 2;

    private const int FirstSector = 16;
    private const int PrimarySector = FirstSector;
    private const int BootSector = FirstSector + 1;
    private const int TerminatorSector = FirstSector + 2;
    private const int CatalogSector = FirstSector + 3;
    private const int LittlePathsSector = FirstSector + 4;
    private const int BigPathsSector = FirstSector + 5;
    private const int RootSector = FirstSector + 6;
    private const int Sectors = 7;

    private const int EntrySize = 32;
    private const int RecordSize = 34;
    private const int PathSize = 10;
    private const byte EfiPlatform = 0xEF;

    /// <summary>Makes it.</summary>
    /// <param name="length">The disc's bytes, whole sectors.</param>
    /// <param name="bootSectors">The first sector of each boot entry, one to <see cref="MostEntries"/>.</param>
    public static byte[] Write(long length, ReadOnlySpan<uint> bootSectors)
    {
        byte[] all = new byte[Sectors * SectorSize];
        WritePrimary(Sector(PrimarySector), (uint)(length / SectorSize));

        Span<byte> boot = Sector(BootSector);
        WriteHead(boot, 0);
        "EL TORITO SPECIFICATION"u8.CopyTo(boot[7..]);
        BinaryPrimitives.WriteUInt32LittleEndian(boot[71..], CatalogSector);

        WriteHead(Sector(TerminatorSector), 255);
        WriteCatalog(Sector(CatalogSector), bootSectors);

        // A path table has one entry, the root, which is its own parent.
        Span<byte> paths = Sector(LittlePathsSector);
        paths[0] = 1;
        BinaryPrimitives.WriteUInt32LittleEndian(paths[2..], RootSector);
        BinaryPrimitives.WriteUInt16LittleEndian(paths[6..], 1);
        paths = Sector(BigPathsSector);
        paths[0] = 1;
        BinaryPrimitives.WriteUInt32BigEndian(paths[2..], RootSector);
        BinaryPrimitives.WriteUInt16BigEndian(paths[6..], 1);

        // The root's records of itself and of its parent, itself too.
        WriteRootRecord(Sector(RootSector), 0);
        WriteRootRecord(Sector(RootSector)[RecordSize..], 1);
        return all;

        Span<byte> Sector(int number) => all.AsSpan((number - FirstSector) * SectorSize, SectorSize);
    }

    private static void WriteHead(Span<byte> sector, byte type)
    {
        sector[0] = type;
        "CD001"u8.CopyTo(sector[1..]);
        sector[6] = 1;
    }

    private static void WritePrimary(Span<byte> sector, uint sectors)
    {
        WriteHead(sector, 1);
        sector[8..72].Fill((byte)' ');
        "EMBER"u8.CopyTo(sector[40..]);
        WriteBoth(sector[80..], sectors);
        WriteBoth(sector[120..], (ushort)1);
        WriteBoth(sector[124..], (ushort)1);
        WriteBoth(sector[128..], (ushort)SectorSize);
        WriteBoth(sector[132..], (uint)PathSize);
        BinaryPrimitives.WriteUInt32LittleEndian(sector[140..], LittlePathsSector);
        BinaryPrimitives.WriteUInt32BigEndian(sector[148..], BigPathsSector);
        WriteRootRecord(sector[156..], 0);
        sector[190..813].Fill((byte)' ');

        // Four times that are not told: 16 digits of zero and no time zone.
        for (int offset = 813; offset < 881; offset += 17)
        {
            sector.Slice(offset, 16).Fill((byte)'0');
        }

        sector[881] = 1;
    }

    private static void WriteRootRecord(Span<byte> record, byte name)
    {
        record[0] = RecordSize;
        WriteBoth(record[2..], (uint)RootSector);
        WriteBoth(record[10..], (uint)SectorSize);
        record[25] = 2; // A directory.
        WriteBoth(record[28..], (ushort)1);
        record[32] = 1;
        record[33] = name;
    }

    private static void WriteCatalog(Span<byte> sector, ReadOnlySpan<uint> bootSectors)
    {
        sector[0] = 1;
        sector[1] = EfiPlatform;
        sector[30] = 0x55;
        sector[31] = 0xAA;
        ushort sum = 0;
        for (int i = 0; i < EntrySize; i += sizeof(ushort))
        {
            sum += BinaryPrimitives.ReadUInt16LittleEndian(sector[i..]);
        }

        BinaryPrimitives.WriteUInt16LittleEndian(sector[28..], (ushort)-sum);
        WriteEntry(sector[EntrySize..], bootSectors[0]);
        if (bootSectors.Length == 1)
        {
            return;
        }

        Span<byte> section = sector[(2 * EntrySize)..];
        section[0] = 0x91; // The last section.
        section[1] = EfiPlatform;
        BinaryPrimitives.WriteUInt16LittleEndian(section[2..], (ushort)(bootSectors.Length - 1));
        for (int i = 1; i < bootSectors.Length; i++)
        {
            WriteEntry(section[(i * EntrySize)..], bootSectors[i]);
        }
    }

    /// <summary>
    /// Bootable, without emulation. Its number of sectors has 16 bits, too few for most partitions: 0 stands for all that follows, and the
    /// volume in it knows its length.
    /// </summary>
    private static void WriteEntry(Span<byte> entry, uint sector)
    {
        entry[0] = 0x88;
        BinaryPrimitives.WriteUInt32LittleEndian(entry[8..], sector);
    }

    private static void WriteBoth(Span<byte> field, uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(field, value);
        BinaryPrimitives.WriteUInt32BigEndian(field[sizeof(uint)..], value);
    }

    private static void WriteBoth(Span<byte> field, ushort value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(field, value);
        BinaryPrimitives.WriteUInt16BigEndian(field[sizeof(ushort)..], value);
    }
}
