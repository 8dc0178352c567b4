using System;
using System.Buffers.Binary;
using System.Text;

namespace Ember.Sdk.Fat;

/// <summary>The boot sector of a FAT32 volume with its BIOS parameter block (FAT specification, sections 3.1 and 3.3).</summary>
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

    // The name that the specification recommends, since some drivers look at it.
    private static ReadOnlySpan<byte> OemName => "MSWIN4.1"u8;

    private static ReadOnlySpan<byte> FileSystemType => "FAT32   "u8;

    /// <summary>Writes the boot sector into a zeroed sector.</summary>
    /// <exception cref="ImageException">The label is not one.</exception>
    public void Encode(Span<byte> sector)
    {
        sector[0] = 0xEB; // jmp short to where boot code would be
        sector[1] = 0x58;
        sector[2] = 0x90;
        OemName.CopyTo(sector[3..]);
        BinaryPrimitives.WriteUInt16LittleEndian(sector[11..], FatGeometry.SectorSize);
        sector[13] = (byte)Geometry.SectorsPerCluster;
        BinaryPrimitives.WriteUInt16LittleEndian(sector[14..], (ushort)Geometry.ReservedSectors);
        sector[16] = FatGeometry.FatCount;
        sector[21] = FixedMedia;
        BinaryPrimitives.WriteUInt16LittleEndian(sector[24..], SectorsPerTrack);
        BinaryPrimitives.WriteUInt16LittleEndian(sector[26..], Heads);
        BinaryPrimitives.WriteUInt32LittleEndian(sector[28..], HiddenSectors);
        BinaryPrimitives.WriteUInt32LittleEndian(sector[32..], (uint)Geometry.SectorCount);
        BinaryPrimitives.WriteUInt32LittleEndian(sector[36..], (uint)Geometry.SectorsPerFat);
        BinaryPrimitives.WriteUInt32LittleEndian(sector[44..], FatGeometry.FirstCluster);
        BinaryPrimitives.WriteUInt16LittleEndian(sector[48..], FsInfoSector);
        BinaryPrimitives.WriteUInt16LittleEndian(sector[50..], BackupSector);
        sector[64] = FirstHardDisk;
        sector[66] = ExtendedSignature;
        BinaryPrimitives.WriteUInt32LittleEndian(sector[67..], VolumeId);
        FatLabel.Encode(sector[71..], Label);
        FileSystemType.CopyTo(sector[82..]);
        sector[510] = 0x55;
        sector[511] = 0xAA;
    }

    /// <summary>Reads a boot sector and checks everything that it alone can show.</summary>
    /// <exception cref="ImageException">It is not the boot sector of a FAT32 volume.</exception>
    public static FatBootSector Decode(ReadOnlySpan<byte> sector)
    {
        Require(sector[510] == 0x55 && sector[511] == 0xAA, "no 55 AA at its end");
        Require(sector[0] == 0xEB && sector[2] == 0x90, "no jump at its start");
        Require(Word(sector, 11) == FatGeometry.SectorSize, $"sectors of {Word(sector, 11)} bytes, not {FatGeometry.SectorSize}");
        Require(sector[13] is > 0 and <= 128 && int.IsPow2(sector[13]), $"{sector[13]} sectors in a cluster is no power of two");
        Require(sector[16] == FatGeometry.FatCount, $"{sector[16]} FATs, not {FatGeometry.FatCount}");
        Require(Word(sector, 17) == 0 && Word(sector, 19) == 0 && Word(sector, 22) == 0, "it describes FAT12 or FAT16");
        Require(sector[21] == FixedMedia, $"media byte 0x{sector[21]:X2}, not 0x{FixedMedia:X2}");
        Require(Word(sector, 40) == 0 && Word(sector, 42) == 0, "FATs are not mirrored, or of an unknown version");
        Require(Long(sector, 44) == FatGeometry.FirstCluster, "the root directory does not begin in cluster 2");
        Require(Word(sector, 48) == FsInfoSector, "FSInfo is not in sector 1");
        Require(Word(sector, 50) == BackupSector, "the backup is not in sector 6");
        Require(!sector.Slice(52, 12).ContainsAnyExcept((byte)0) && sector[65] == 0, "reserved fields are not zero");
        Require(sector[66] == ExtendedSignature && sector.Slice(82, 8).SequenceEqual(FileSystemType), "it does not say FAT32");

        FatGeometry geometry = new(Long(sector, 32), sector[13], Word(sector, 14), (int)Math.Min(Long(sector, 36), int.MaxValue));
        Require(geometry.ReservedSectors > BackupSector + 1, "there is no room for the backup boot sector");
        Require(geometry.ClusterCount >= FatGeometry.SmallestClusterCount,
            $"{geometry.ClusterCount} clusters make it no FAT32 volume, which has {FatGeometry.SmallestClusterCount} at least");
        Require(geometry.ClusterCount <= FatGeometry.LargestClusterCount, $"{geometry.ClusterCount} clusters are too many");
        Require(geometry.SectorsPerFat <= LargestSectorsPerFat, $"FATs of {geometry.SectorsPerFat} sectors are too long");
        Require((long)geometry.SectorsPerFat * FatGeometry.SectorSize / sizeof(uint) >= geometry.ClusterCount + 2,
            "its FATs are too short for its clusters");
        return new FatBootSector(
            geometry,
            VolumeId: Long(sector, 67),
            Label: Encoding.Latin1.GetString(sector.Slice(71, FatLabel.Length)).TrimEnd(' '),
            HiddenSectors: Long(sector, 28));

        static ushort Word(ReadOnlySpan<byte> sector, int offset) => BinaryPrimitives.ReadUInt16LittleEndian(sector[offset..]);

        static uint Long(ReadOnlySpan<byte> sector, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(sector[offset..]);

        static void Require(bool holds, string what) => FatReader.Require(holds, "boot sector", what);
    }
}
