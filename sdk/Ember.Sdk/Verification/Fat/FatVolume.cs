namespace Ember.Sdk.Verification.Fat;

/// <summary>A FAT volume, as far as its boot sector makes it readable.</summary>
/// <param name="Place">The partition.</param>
/// <param name="Start">Where it begins in the image, in bytes.</param>
/// <param name="Bits">12, 16 or 32: bits of a FAT's entry.</param>
/// <param name="ReservedSectors">Sectors before the first FAT.</param>
/// <param name="FatSectors">Sectors of a FAT.</param>
/// <param name="RootEntries">Entries of the root folder before the clusters; zero for FAT32.</param>
/// <param name="SectorsPerCluster">Sectors of a cluster.</param>
/// <param name="ClusterCount">Clusters.</param>
/// <param name="RootCluster">Where the root folder of FAT32 begins.</param>
/// <param name="Serial">The serial number.</param>
/// <param name="Label">The label's 11 characters in the boot sector.</param>
internal sealed record FatVolume(
    Place Place,
    long Start,
    int Bits,
    int ReservedSectors,
    int FatSectors,
    int RootEntries,
    int SectorsPerCluster,
    int ClusterCount,
    uint RootCluster,
    uint Serial,
    string Label)
{
    public const int EntrySize = 32;
    public const int FirstCluster = 2;
    public const int Fats = 2;

    /// <summary>Bytes of a cluster.</summary>
    public int ClusterSize => SectorsPerCluster * ImageBytes.SectorSize;

    /// <summary>Where a FAT begins in the image.</summary>
    public long FatOffset(int copy) => Start + ((ReservedSectors + ((long)copy * FatSectors)) * ImageBytes.SectorSize);

    /// <summary>Where the root folder of FAT12 and FAT16 begins in the image.</summary>
    public long RootOffset => FatOffset(Fats);

    /// <summary>Where a cluster begins in the image.</summary>
    public long ClusterOffset(uint cluster) => RootOffset + (RootEntries * EntrySize) + ((cluster - FirstCluster) * (long)ClusterSize);
}
