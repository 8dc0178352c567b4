using System;
using CsCheck;
using Ember.Sdk.Fat;

namespace Ember.Sdk.Tests.Fat;

public sealed class FatGeometryTests
{
    private const long SectorsPerMiB = 2048;

    [Fact]
    public void Any_volume_is_a_legal_FAT32_or_none() => Gen.OneOf(
        Gen.Long[0, 70_000], Gen.Long[60 * SectorsPerMiB, 300 * SectorsPerMiB], Gen.Long[0, uint.MaxValue]).Sample(sectors =>
    {
        if (FatGeometry.ForVolume(sectors) is not { } geometry)
        {
            return sectors < 66_700;
        }

        long entries = geometry.SectorsPerFat * 128L;
        return geometry.SectorCount == sectors
            && geometry.ClusterCount is >= 65_541 and <= 0x0FFF_FFF5
            && entries >= geometry.ClusterCount + 2
            && geometry.ReservedSectors >= 32
            && geometry.DataSector == geometry.ReservedSectors + 2L * geometry.SectorsPerFat
            && geometry.DataSector % Math.Max(8, geometry.SectorsPerCluster) == 0
            && geometry.DataSector + geometry.ClusterCount * geometry.SectorsPerCluster <= sectors
            && sectors - geometry.DataSector - geometry.ClusterCount * geometry.SectorsPerCluster < geometry.SectorsPerCluster;
    }, iter: 20_000);

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(32 * SectorsPerMiB)]
    [InlineData(66_604)]
    [InlineData(0x1_0000_0000)]
    public void A_volume_that_cannot_be_FAT32_has_no_geometry(long sectors) => Assert.Null(FatGeometry.ForVolume(sectors));

    [Theory]
    [InlineData(66_605, 1)]
    [InlineData(260 * SectorsPerMiB, 1)]
    [InlineData(260 * SectorsPerMiB + 1, 8)]
    [InlineData(8 * 1024 * SectorsPerMiB, 8)]
    [InlineData(8 * 1024 * SectorsPerMiB + 1, 16)]
    [InlineData(16 * 1024 * SectorsPerMiB + 1, 32)]
    [InlineData(32 * 1024 * SectorsPerMiB + 1, 64)]
    [InlineData(uint.MaxValue, 64)]
    public void The_cluster_size_is_that_of_the_specification(long sectors, int sectorsPerCluster) =>
        Assert.Equal(sectorsPerCluster, FatGeometry.ForVolume(sectors)!.Value.SectorsPerCluster);

    [Fact]
    public void The_smallest_volume_keeps_16_clusters_of_distance_to_FAT16() =>
        Assert.Equal(65_541, FatGeometry.ForVolume(66_605)!.Value.ClusterCount);
}
