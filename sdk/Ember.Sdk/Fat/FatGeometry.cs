using System;

namespace Ember.Sdk.Fat;

/// <summary>
/// How a FAT volume divides its sectors (Microsoft, "FAT: General Overview of On-Disk Format" 1.03). A driver tells FAT12, FAT16 and FAT32
/// apart by the number of clusters alone, whatever the boot sector says, so <see cref="Type"/> follows from it.
/// </summary>
/// <param name="SectorCount">Sectors of the whole volume.</param>
/// <param name="SectorsPerCluster">A power of two.</param>
/// <param name="ReservedSectors">Sectors before the first FAT.</param>
/// <param name="SectorsPerFat">Sectors of one FAT; there are <see cref="FatCount"/>.</param>
/// <param name="RootEntryCount">Entries of the root folder that FAT12 and FAT16 have before the clusters; zero for FAT32.</param>
public readonly record struct FatGeometry(
    long SectorCount, int SectorsPerCluster, int ReservedSectors, int SectorsPerFat, int RootEntryCount)
{
    /// <summary>Bytes in a sector.</summary>
    public const int SectorSize = 512;

    /// <summary>Copies of the FAT.</summary>
    public const int FatCount = 2;

    /// <summary>The first of all clusters, and with FAT32 that of the root folder: 0 and 1 do not exist.</summary>
    public const uint FirstCluster = 2;

    /// <summary>Entries of the root folder of FAT12 and FAT16 volumes that are written: every driver takes so many.</summary>
    public const int UsualRootEntryCount = 512;

    // Microsoft asks for 16 clusters of distance to both limits, because many drivers are off by a few there.
    private const long SafetyMargin = 16;
    private const int SmallestReservedSectors32 = 32;
    private const int LargestSectorsPerCluster = 64;
    private const long MiB = 1024 * 1024 / SectorSize;
    private const long LargestFat16Choice = 512 * MiB;

    // Flash pages are 4 KiB or more: the data area, and with it the large files at least, starts on one.
    private const int DataAlignment = 4096 / SectorSize;

    /// <summary>Clusters for directories and files.</summary>
    public long ClusterCount => (SectorCount - DataSector) / SectorsPerCluster;

    /// <summary>What a driver takes the volume for.</summary>
    public FatType Type => ClusterCount <= MostClusters(FatType.Fat12) ? FatType.Fat12
        : ClusterCount <= MostClusters(FatType.Fat16) ? FatType.Fat16
        : FatType.Fat32;

    /// <summary>Bytes in a cluster.</summary>
    public int ClusterSize => SectorsPerCluster * SectorSize;

    /// <summary>The sector where the root folder of FAT12 and FAT16 begins.</summary>
    public long RootSector => ReservedSectors + (long)FatCount * SectorsPerFat;

    /// <summary>Sectors of the root folder of FAT12 and FAT16; zero for FAT32, where it lies in clusters.</summary>
    public int RootSectors => RootEntryCount * FatNode.EntrySize / SectorSize;

    /// <summary>The sector where cluster <see cref="FirstCluster"/> begins.</summary>
    public long DataSector => RootSector + RootSectors;

    /// <summary>The sector where one of the FATs begins.</summary>
    /// <param name="copy">0 or 1.</param>
    public long FatSector(int copy) => ReservedSectors + (long)copy * SectorsPerFat;

    /// <summary>Where a cluster begins, in bytes from the start of the volume.</summary>
    public long ClusterOffset(uint cluster) => DataSector * SectorSize + (cluster - FirstCluster) * (long)ClusterSize;

    /// <summary>How many clusters hold <paramref name="length"/> bytes.</summary>
    public long ClustersFor(long length) => (length + ClusterSize - 1) / ClusterSize;

    /// <summary>Most sectors that a volume of a type can have.</summary>
    /// <param name="type">The type; null for any.</param>
    public static long LargestSectorCount(FatType? type) => type switch
    {
        FatType.Fat12 => 128 * MiB,
        FatType.Fat16 => 2048 * MiB,
        _ => uint.MaxValue,
    };

    /// <summary>
    /// Divides a volume. Clusters have the size of Microsoft's table for its length; where that makes too many of them, twice as much and
    /// so on. Without a wanted type, volumes up to 512 MiB are FAT16 if they can be and FAT12 otherwise, longer ones FAT32.
    /// </summary>
    /// <param name="sectorCount">Sectors of the whole volume.</param>
    /// <param name="type">What it is to be; null for any.</param>
    /// <returns>The division, or null if no volume of the type has this length.</returns>
    public static FatGeometry? ForVolume(long sectorCount, FatType? type) => type switch
    {
        { } wanted => Divide(sectorCount, wanted),
        null when sectorCount > LargestFat16Choice => Divide(sectorCount, FatType.Fat32),
        null => Divide(sectorCount, FatType.Fat16) ?? Divide(sectorCount, FatType.Fat12),
    };

    /// <summary>Most clusters that a volume of a type has; one more is another type.</summary>
    internal static long MostClusters(FatType type) => type switch
    {
        FatType.Fat12 => 4084,
        FatType.Fat16 => 65_524,
        _ => 0x0FFF_FFF5, // Above are the marks for bad clusters and ends of chains.
    };

    /// <summary>Fewest clusters that a volume of a type has; one less is another type.</summary>
    internal static long FewestClusters(FatType type) => type switch
    {
        FatType.Fat12 => 1,
        FatType.Fat16 => MostClusters(FatType.Fat12) + 1,
        _ => MostClusters(FatType.Fat16) + 1,
    };

    private static FatGeometry? Divide(long sectorCount, FatType type)
    {
        if (sectorCount > uint.MaxValue)
        {
            return null;
        }

        long fewest = type == FatType.Fat12 ? FewestClusters(type) : FewestClusters(type) + SafetyMargin;
        long most = type == FatType.Fat32 ? MostClusters(type) : MostClusters(type) - SafetyMargin;
        int size = UsualSectorsPerCluster(sectorCount, type);
        FatGeometry geometry = Divide(sectorCount, type, size);
        while (geometry.ClusterCount > most && size < LargestSectorsPerCluster)
        {
            size *= 2;
            geometry = Divide(sectorCount, type, size);
        }

        return geometry.ClusterCount >= fewest && geometry.ClusterCount <= most ? geometry : null;
    }

    private static FatGeometry Divide(long sectorCount, FatType type, int sectorsPerCluster)
    {
        bool rootInClusters = type == FatType.Fat32;
        int rootEntries = rootInClusters ? 0 : UsualRootEntryCount;
        int rootSectors = rootEntries * FatNode.EntrySize / SectorSize;
        int reserved = rootInClusters ? SmallestReservedSectors32 : 1;

        // The least length of a FAT that has an entry for each cluster of what the FATs themselves leave.
        int bits = (int)type;
        long sectorsPerFat = DivideUp(
            Math.Max(0, sectorCount - reserved - rootSectors + 2L * sectorsPerCluster) * bits,
            8L * SectorSize * sectorsPerCluster + FatCount * bits);
        int alignment = Math.Max(DataAlignment, sectorsPerCluster);
        long dataSector = DivideUp(reserved + FatCount * sectorsPerFat + rootSectors, alignment) * alignment;
        return new FatGeometry(
            sectorCount, sectorsPerCluster, (int)(dataSector - rootSectors - FatCount * sectorsPerFat), (int)sectorsPerFat, rootEntries);
    }

    private static int UsualSectorsPerCluster(long sectorCount, FatType type) => (type, sectorCount) switch
    {
        (FatType.Fat12, _) => 1,
        (FatType.Fat16, <= 8400) => 1,
        (FatType.Fat16, <= 32_680) => 2,
        (FatType.Fat16, <= 128 * MiB) => 4,
        (FatType.Fat16, <= 256 * MiB) => 8,
        (FatType.Fat16, <= 512 * MiB) => 16,
        (FatType.Fat16, <= 1024 * MiB) => 32,
        (FatType.Fat32, <= 260 * MiB) => 1,
        (FatType.Fat32, <= 8 * 1024 * MiB) => 8,
        (FatType.Fat32, <= 16 * 1024 * MiB) => 16,
        (FatType.Fat32, <= 32 * 1024 * MiB) => 32,
        _ => LargestSectorsPerCluster,
    };

    private static long DivideUp(long dividend, long divisor) => (dividend + divisor - 1) / divisor;
}
