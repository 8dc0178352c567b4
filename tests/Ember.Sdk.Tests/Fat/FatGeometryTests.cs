using System;
using System.Linq;
using CsCheck;
using Ember.Sdk.Fat;

namespace Ember.Sdk.Tests.Fat;

public sealed class FatGeometryTests
{
    private const long SectorsPerMiB = 2048;

    [Theory]
    [InlineData(null)]
    [InlineData(FatType.Fat12)]
    [InlineData(FatType.Fat16)]
    [InlineData(FatType.Fat32)]
    public void Any_volume_is_legal_and_keeps_its_distance_to_the_other_types_or_there_is_none(FatType? type) => Gen.OneOf(
        Gen.Long[-100, 10_000],
        Gen.Long[0, 70_000],
        Gen.Long[60 * SectorsPerMiB, 300 * SectorsPerMiB],
        Gen.Long[0, 2200 * SectorsPerMiB],
        Gen.Long[0, uint.MaxValue + 10L]).Sample(
        sectors =>
        {
            if (FatGeometry.ForVolume(sectors, type) is not { } geometry)
            {
                Assert.False(IsPossible(type, sectors), $"{sectors} sectors could be {type}");
                return;
            }

            FatType is12Or16Or32 = geometry.ClusterCount switch
            {
                < 4085 => FatType.Fat12,
                < 65_525 => FatType.Fat16,
                _ => FatType.Fat32,
            };
            Assert.Equal(is12Or16Or32, geometry.Type);
            Assert.Equal(type ?? geometry.Type, geometry.Type);
            Assert.DoesNotContain(geometry.ClusterCount, Enumerable.Range(4069, 32).Select(count => (long)count));
            Assert.DoesNotContain(geometry.ClusterCount, Enumerable.Range(65_509, 32).Select(count => (long)count));
            Assert.InRange(geometry.ClusterCount, 1, 0x0FFF_FFF5);
            Assert.Equal(sectors, geometry.SectorCount);
            bool is32 = geometry.Type == FatType.Fat32;
            Assert.InRange(geometry.ReservedSectors, is32 ? 32 : 1, ushort.MaxValue);
            Assert.Equal(is32 ? 0 : 512, geometry.RootEntryCount);
            Assert.InRange(geometry.SectorsPerFat, 1, is32 ? int.MaxValue : ushort.MaxValue);
            Assert.InRange(geometry.SectorsPerFat * 4096L / (int)geometry.Type, geometry.ClusterCount + 2, long.MaxValue);
            Assert.Equal(
                geometry.ReservedSectors + 2L * geometry.SectorsPerFat + geometry.RootEntryCount / 16, geometry.DataSector);
            Assert.Equal(0, geometry.DataSector % Math.Max(8, geometry.SectorsPerCluster));
            Assert.InRange(sectors - geometry.DataSector - geometry.ClusterCount * geometry.SectorsPerCluster,
                0, geometry.SectorsPerCluster - 1);
        },
        iter: 10_000);

    [Theory]
    [InlineData(-1, null)]
    [InlineData(0, null)]
    [InlineData(1, null)]
    [InlineData(32, null)]
    [InlineData(0x1_0000_0000, null)]
    [InlineData(0x1_0000_0000, FatType.Fat32)]
    [InlineData(32 * SectorsPerMiB, FatType.Fat32)]
    [InlineData(66_604, FatType.Fat32)]
    [InlineData(2 * SectorsPerMiB, FatType.Fat16)]
    [InlineData(2048 * SectorsPerMiB, FatType.Fat16)]
    [InlineData(128 * SectorsPerMiB, FatType.Fat12)]
    public void A_length_that_the_type_cannot_have_has_no_geometry(long sectors, FatType? type) =>
        Assert.Null(FatGeometry.ForVolume(sectors, type));

    [Theory]
    [InlineData(66_605, FatType.Fat32, 1)]
    [InlineData(260 * SectorsPerMiB, FatType.Fat32, 1)]
    [InlineData(260 * SectorsPerMiB + 1, FatType.Fat32, 8)]
    [InlineData(8 * 1024 * SectorsPerMiB, FatType.Fat32, 8)]
    [InlineData(8 * 1024 * SectorsPerMiB + 1, FatType.Fat32, 16)]
    [InlineData(16 * 1024 * SectorsPerMiB + 1, FatType.Fat32, 32)]
    [InlineData(32 * 1024 * SectorsPerMiB + 1, FatType.Fat32, 64)]
    [InlineData(uint.MaxValue, FatType.Fat32, 64)]
    [InlineData(3 * SectorsPerMiB, FatType.Fat16, 1)]
    [InlineData(5 * SectorsPerMiB, FatType.Fat16, 2)]
    [InlineData(16 * SectorsPerMiB, FatType.Fat16, 4)]
    [InlineData(128 * SectorsPerMiB, FatType.Fat16, 4)]
    [InlineData(129 * SectorsPerMiB, FatType.Fat16, 8)]
    [InlineData(512 * SectorsPerMiB, FatType.Fat16, 16)]
    [InlineData(513 * SectorsPerMiB, FatType.Fat16, 32)]
    [InlineData(1024 * SectorsPerMiB, FatType.Fat16, 64)]
    [InlineData(2047 * SectorsPerMiB, FatType.Fat16, 64)]
    [InlineData(2 * SectorsPerMiB, FatType.Fat12, 1)]
    [InlineData(3 * SectorsPerMiB, FatType.Fat12, 2)]
    [InlineData(127 * SectorsPerMiB, FatType.Fat12, 64)]
    public void The_cluster_size_follows_from_the_length(long sectors, FatType type, int sectorsPerCluster) =>
        Assert.Equal(sectorsPerCluster, FatGeometry.ForVolume(sectors, type)!.Value.SectorsPerCluster);

    [Theory]
    [InlineData(1, FatType.Fat12)]
    [InlineData(2, FatType.Fat12)]
    [InlineData(3, FatType.Fat16)]
    [InlineData(512, FatType.Fat16)]
    [InlineData(513, FatType.Fat32)]
    [InlineData(2048, FatType.Fat32)]
    public void Without_a_wish_a_volume_is_FAT16_unless_it_is_too_small_or_long(long mebibytes, FatType type) =>
        Assert.Equal(type, FatGeometry.ForVolume(mebibytes * SectorsPerMiB, null)!.Value.Type);

    [Fact]
    public void The_smallest_FAT32_keeps_16_clusters_of_distance_to_FAT16() =>
        Assert.Equal(65_541, FatGeometry.ForVolume(66_605, FatType.Fat32)!.Value.ClusterCount);

    private static bool IsPossible(FatType? type, long sectors) => type switch
    {
        FatType.Fat12 => sectors is >= 100 and < 127 * SectorsPerMiB,
        FatType.Fat16 => sectors is >= 4200 and < 2047 * SectorsPerMiB,
        FatType.Fat32 => sectors is >= 66_700 and <= uint.MaxValue,
        _ => sectors is >= 100 and <= uint.MaxValue,
    };
}
