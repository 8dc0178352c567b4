using System;

namespace Ember.Sdk.Fat;

/// <summary>
/// How a FAT32 volume divides its sectors (Microsoft, "FAT: General Overview of On-Disk Format" 1.03). A driver tells FAT32 from
/// FAT16 by the number of clusters alone, so a volume with fewer than <see cref="SmallestClusterCount"/> is not FAT32 whatever
/// its
/// boot sector says: some firmware would read it as FAT16, and mtools refuses it.
/// </summary>
/// <param name="SectorCount">Sectors of the whole volume.</param>
/// <param name="SectorsPerCluster">A power of two.</param>
/// <param name="ReservedSectors">Sectors before the first FAT.</param>
/// <param name="SectorsPerFat">Sectors of one FAT; there are <see cref="FatCount"/>.</param>
public readonly record struct FatGeometry(long SectorCount, int SectorsPerCluster, int ReservedSectors, int SectorsPerFat)
{
    /// <summary>Bytes in a sector.</summary>
    public const int SectorSize = 512;

    /// <summary>Copies of the FAT.</summary>
    public const int FatCount = 2;

    /// <summary>The cluster of the root directory, and the first of all: 0 and 1 do not exist.</summary>
    public const uint FirstCluster = 2;

    /// <summary>Fewest clusters of a FAT32 volume.</summary>
    public const long SmallestClusterCount = 65_525;

    /// <summary>Most clusters of a FAT32 volume: above are the marks for bad clusters and ends of chains.</summary>
    public const long LargestClusterCount = 0x0FFF_FFF5;

    // Microsoft asks for 16 clusters of distance to the limit, because many drivers are off by a few there.
    private const long SafeClusterCount = SmallestClusterCount + 16;

    private const int SmallestReservedSectors = 32;
    private const int EntriesPerFatSector = SectorSize / sizeof(uint);

    // Flash pages are 4 KiB or more: the data area, and with it the large files at least, starts on one.
    private const int DataAlignment = 4096 / SectorSize;

    /// <summary>Clusters for directories and files.</summary>
    public long ClusterCount => (SectorCount - DataSector) / SectorsPerCluster;

    /// <summary>Bytes in a cluster.</summary>
    public int ClusterSize => SectorsPerCluster * SectorSize;

    /// <summary>The sector where cluster <see cref="FirstCluster"/> begins.</summary>
    public long DataSector => ReservedSectors + (long)FatCount * SectorsPerFat;

    /// <summary>The sector where one of the FATs begins.</summary>
    /// <param name="copy">0 or 1.</param>
    public long FatSector(int copy) => ReservedSectors + (long)copy * SectorsPerFat;

    /// <summary>Where a cluster begins, in bytes from the start of the volume.</summary>
    public long ClusterOffset(uint cluster) => DataSector * SectorSize + (cluster - FirstCluster) * (long)ClusterSize;

    /// <summary>How many clusters hold <paramref name="length"/> bytes.</summary>
    public long ClustersFor(long length) => (length + ClusterSize - 1) / ClusterSize;

    /// <summary>Divides a volume, with the cluster size that Microsoft's table gives for its length.</summary>
    /// <param name="sectorCount">Sectors of the whole volume.</param>
    /// <returns>The division, or null if no FAT32 volume has this length.</returns>
    public static FatGeometry? ForVolume(long sectorCount)
    {
        if (sectorCount is < SmallestReservedSectors or > uint.MaxValue)
        {
            return null;
        }

        int sectorsPerCluster = SectorsPerClusterFor(sectorCount);
        long sectorsPerFat = DivideUp(
            sectorCount - SmallestReservedSectors + 2L * sectorsPerCluster,
            (long)EntriesPerFatSector * sectorsPerCluster + FatCount);
        int alignment = Math.Max(DataAlignment, sectorsPerCluster);
        long dataSector = DivideUp(SmallestReservedSectors + FatCount * sectorsPerFat, alignment) * alignment;
        FatGeometry geometry = new(
            sectorCount, sectorsPerCluster, (int)(dataSector - FatCount * sectorsPerFat), (int)sectorsPerFat);
        return geometry.ClusterCount is >= SafeClusterCount and <= LargestClusterCount ? geometry : null;
    }

    private static int SectorsPerClusterFor(long sectorCount)
    {
        const long MiB = 1024 * 1024 / SectorSize;
        const long GiB = 1024 * MiB;
        return sectorCount switch
        {
            <= 260 * MiB => 1,
            <= 8 * GiB => 8,
            <= 16 * GiB => 16,
            <= 32 * GiB => 32,
            _ => 64,
        };
    }

    private static long DivideUp(long dividend, long divisor) => (dividend + divisor - 1) / divisor;
}
