using System;
using System.Buffers.Binary;
using System.Text;

namespace Ember.Sdk.Fat;

/// <summary>The boot sector of a volume with its BIOS parameter block (FAT specification, sections 3.1 to 3.3).</summary>
/// <param name="Geometry">How the volume divides its sectors.</param>
/// <param name="VolumeId">The volume's serial number (BS_VolID).</param>
/// <param name="Label">Its label (BS_VolLab).</param>
/// <param name="HiddenSectors">Sectors of the disk before the volume (BPB_HiddSec).</param>
internal readonly record struct FatBootSector(FatGeometry Geometry, uint VolumeId, string Label, uint HiddenSectors)
{
    public const int FsInfoSector = 1;
    public const int BackupSector = 6;
    public const byte FixedMedia = 0xF8;

    // 64 heads of 32 sectors make a cylinder of 1 MiB, so that whole-MiB volumes have whole cylinders, which mtools wants.
    private const int SectorsPerTrack = 32;
    private const int Heads = 64;
    private const int LargestSectorsPerFat = 1 << 28 >> 7; // 2^28 entries, 2^7 in a sector
    private const byte FirstHardDisk = 0x80;
    private const byte ExtendedSignature = 0x29;

    // The extended part comes behind what is common to all, and with FAT32 behind fields that only it has.
    private const int ExtendedOffset = 36;
    private const int ExtendedOffset32 = 64;
    private const int ExtendedLength = 26;

    // The name that the specification recommends, since some drivers look at it.
    private static ReadOnlySpan<byte> OemName => "MSWIN4.1"u8;

    /// <summary>Sectors at the start of the volume that hold something: with FAT32 also FSInfo, and both again as a backup.</summary>
    public static int UsedSectors(FatType type) => type == FatType.Fat32 ? BackupSector + 2 : 1;

    /// <summary>Writes the boot sector into a zeroed sector.</summary>
    /// <exception cref="ImageException">The label is not one.</exception>
    public void Encode(Span<byte> sector)
    {
        bool is32 = Geometry.Type == FatType.Fat32;
        int extendedOffset = is32 ? ExtendedOffset32 : ExtendedOffset;
        Span<byte> extended = sector[extendedOffset..];
        sector[0] = 0xEB; // jmp short to where boot code would be
        sector[1] = (byte)(extendedOffset + ExtendedLength - 2);
        sector[2] = 0x90;
        OemName.CopyTo(sector[3..]);
        BinaryPrimitives.WriteUInt16LittleEndian(sector[11..], FatGeometry.SectorSize);
        sector[13] = (byte)Geometry.SectorsPerCluster;
        BinaryPrimitives.WriteUInt16LittleEndian(sector[14..], (ushort)Geometry.ReservedSectors);
        sector[16] = FatGeometry.FatCount;
        BinaryPrimitives.WriteUInt16LittleEndian(sector[17..], (ushort)Geometry.RootEntryCount);
        bool isShort = !is32 && Geometry.SectorCount <= ushort.MaxValue;
        BinaryPrimitives.WriteUInt16LittleEndian(sector[19..], (ushort)(isShort ? Geometry.SectorCount : 0));
        sector[21] = FixedMedia;
        BinaryPrimitives.WriteUInt16LittleEndian(sector[22..], (ushort)(is32 ? 0 : Geometry.SectorsPerFat));
        BinaryPrimitives.WriteUInt16LittleEndian(sector[24..], SectorsPerTrack);
        BinaryPrimitives.WriteUInt16LittleEndian(sector[26..], Heads);
        BinaryPrimitives.WriteUInt32LittleEndian(sector[28..], HiddenSectors);
        BinaryPrimitives.WriteUInt32LittleEndian(sector[32..], (uint)(isShort ? 0 : Geometry.SectorCount));
        if (is32)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(sector[36..], (uint)Geometry.SectorsPerFat);
            BinaryPrimitives.WriteUInt32LittleEndian(sector[44..], FatGeometry.FirstCluster);
            BinaryPrimitives.WriteUInt16LittleEndian(sector[48..], FsInfoSector);
            BinaryPrimitives.WriteUInt16LittleEndian(sector[50..], BackupSector);
        }

        extended[0] = FirstHardDisk;
        extended[2] = ExtendedSignature;
        BinaryPrimitives.WriteUInt32LittleEndian(extended[3..], VolumeId);
        FatLabel.Encode(extended[7..], Label);
        FileSystemType(Geometry.Type).CopyTo(extended[18..]);
        sector[510] = 0x55;
        sector[511] = 0xAA;
    }

    /// <summary>Reads a boot sector and checks everything that it alone can show.</summary>
    /// <exception cref="ImageException">It is not the boot sector of a FAT volume.</exception>
    public static FatBootSector Decode(ReadOnlySpan<byte> sector)
    {
        Require(sector[510] == 0x55 && sector[511] == 0xAA, "no 55 AA at its end");
        Require(sector[0] == 0xEB && sector[2] == 0x90, "no jump at its start");
        Require(Word(sector, 11) == FatGeometry.SectorSize, $"sectors of {Word(sector, 11)} bytes, not {FatGeometry.SectorSize}");
        Require(sector[13] is > 0 and <= 128 && int.IsPow2(sector[13]), $"{sector[13]} sectors in a cluster is no power of two");
        Require(sector[16] == FatGeometry.FatCount, $"{sector[16]} FATs, not {FatGeometry.FatCount}");
        Require(sector[21] == FixedMedia, $"media byte 0x{sector[21]:X2}, not 0x{FixedMedia:X2}");

        bool is32 = Word(sector, 22) == 0;
        ReadOnlySpan<byte> extended = sector[(is32 ? ExtendedOffset32 : ExtendedOffset)..];
        FatGeometry geometry = is32 ? DecodeGeometry32(sector) : DecodeGeometry(sector);
        long clusters = geometry.ClusterCount;
        Require(clusters > 0 && geometry.SectorCount > geometry.DataSector, "it has no clusters");
        Require((geometry.Type == FatType.Fat32) == is32, is32
            ? $"{clusters} clusters make it no FAT32 volume, which has {FatGeometry.FewestClusters(FatType.Fat32)} at least"
            : $"{clusters} clusters make it a FAT32 volume, and it is laid out as FAT16");
        Require(clusters <= FatGeometry.MostClusters(geometry.Type), $"{clusters} clusters are too many");
        Require(geometry.SectorsPerFat <= LargestSectorsPerFat, $"FATs of {geometry.SectorsPerFat} sectors are too long");
        Require((long)geometry.SectorsPerFat * FatGeometry.SectorSize * 8 / (int)geometry.Type >= clusters + 2,
            "its FATs are too short for its clusters");
        Require(extended[1] == 0, "reserved fields are not zero");
        Require(extended[2] == ExtendedSignature && extended.Slice(18, 8).SequenceEqual(FileSystemType(geometry.Type)),
            $"it does not say {Name(geometry.Type)}");
        return new FatBootSector(
            geometry,
            VolumeId: Long(extended, 3),
            Label: Encoding.Latin1.GetString(extended.Slice(7, FatLabel.Length)).TrimEnd(' '),
            HiddenSectors: Long(sector, 28));
    }

    private static FatGeometry DecodeGeometry32(ReadOnlySpan<byte> sector)
    {
        Require(Word(sector, 17) == 0 && Word(sector, 19) == 0, "it describes FAT16 and FAT32 at once");
        Require(Word(sector, 40) == 0 && Word(sector, 42) == 0, "FATs are not mirrored, or of an unknown version");
        Require(Long(sector, 44) == FatGeometry.FirstCluster, "the root directory does not begin in cluster 2");
        Require(Word(sector, 48) == FsInfoSector, "FSInfo is not in sector 1");
        Require(Word(sector, 50) == BackupSector, "the backup is not in sector 6");
        Require(!sector.Slice(52, 12).ContainsAnyExcept((byte)0), "reserved fields are not zero");
        Require(Word(sector, 14) > BackupSector + 1, "there is no room for the backup boot sector");
        return new FatGeometry(
            Long(sector, 32), sector[13], Word(sector, 14), (int)Math.Min(Long(sector, 36), int.MaxValue), RootEntryCount: 0);
    }

    private static FatGeometry DecodeGeometry(ReadOnlySpan<byte> sector)
    {
        int rootEntries = Word(sector, 17);
        Require(rootEntries > 0 && rootEntries * FatNode.EntrySize % FatGeometry.SectorSize == 0,
            $"a root folder of {rootEntries} entries does not fill whole sectors");
        Require(Word(sector, 14) > 0, "there are no reserved sectors");
        Require((Word(sector, 19) == 0) != (Long(sector, 32) == 0), "it counts its sectors twice or not at all");
        return new FatGeometry(
            Math.Max(Word(sector, 19), Long(sector, 32)), sector[13], Word(sector, 14), Word(sector, 22), rootEntries);
    }

    private static ReadOnlySpan<byte> FileSystemType(FatType type) => type switch
    {
        FatType.Fat12 => "FAT12   "u8,
        FatType.Fat16 => "FAT16   "u8,
        _ => "FAT32   "u8,
    };

    private static string Name(FatType type) => $"FAT{(int)type}";

    private static ushort Word(ReadOnlySpan<byte> sector, int offset) => BinaryPrimitives.ReadUInt16LittleEndian(sector[offset..]);

    private static uint Long(ReadOnlySpan<byte> sector, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(sector[offset..]);

    private static void Require(bool holds, string what) => FatReader.Require(holds, "boot sector", what);
}
