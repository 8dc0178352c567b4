using System;
using System.Linq;
using CsCheck;
using Ember.Sdk.Fat;
using Ember.Sdk.Images;

namespace Ember.Sdk.Tests.Images;

public sealed class ImageLayoutTests
{
    private const long MiB = ImageFixture.MiB;

    [Theory]
    [InlineData(34, 35)]
    [InlineData(32, 35)]
    [InlineData(1, 35)]
    public void A_size_that_cannot_be_FAT32_is_refused_with_one_that_can(long mebibytes, long enough)
    {
        ImageException exception = Refused([new FatFile("EFI/BOOT/BOOTX64.EFI", 98_304)], mebibytes * MiB);

        Assert.Equal($"image 'edge': its files do not fit into {mebibytes} MiB; make it {enough} MiB or more", exception.Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(64 * MiB + 512)]
    [InlineData(64 * MiB - 1)]
    public void A_size_that_is_not_whole_is_refused(long size) =>
        Assert.Contains("whole MiB", Refused([new FatFile("F", 1)], size).Message, StringComparison.Ordinal);

    [Fact]
    public void A_size_that_FAT32_cannot_count_is_refused() =>
        Assert.Contains("2097153 MiB", Refused([new FatFile("F", 1)], 1L << 42).Remedy, StringComparison.Ordinal);

    [Fact]
    public void Files_that_no_image_holds_are_refused()
    {
        FatFile[] files = [.. Enumerable.Range(0, 520).Select(number => new FatFile($"f{number}", 0xFFFF_FFFF))];

        Assert.Contains("leave some out", Refused(files, null).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_smallest_image_holds_its_files_and_a_MiB_less_does_not() => Gen.Int[0, 80_000_000].Array[0, 6].Sample(
        lengths =>
        {
            FatFile[] files = [.. lengths.Select((length, number) => new FatFile($"dir{number % 2}/file {number}", length))];

            long size = ImageLayout.Plan("edge", files, null).Size;

            Assert.Equal(size, ImageLayout.Plan("edge", files, size).Size);
            ImageException exception = Refused(files, size - MiB);
            Assert.EndsWith($"make it {size / MiB} MiB or more", exception.Message, StringComparison.Ordinal);
        },
        iter: 200);

    [Fact]
    public void Nothing_overlaps_and_everything_is_inside() => Gen.Int[0, 3_000_000].Array[0, 20].Sample(
        lengths =>
        {
            FatFile[] files = [.. lengths.Select((length, number) => new FatFile($"dir{number % 3}/file {number}", length))];

            FatLayout volume = ImageLayout.Plan("edge", files, null).Volume;

            long end = volume.Geometry.DataSector * 512;
            foreach (FatPlacement file in volume.Files.Where(file => file.Length > 0))
            {
                Assert.InRange(file.Offset, end, long.MaxValue);
                end = file.Offset + file.Length;
            }

            Assert.InRange(end, 0, volume.Geometry.SectorCount * 512);
        },
        iter: 200);

    private static ImageException Refused(FatFile[] files, long? size)
    {
        ImageException exception = Assert.Throws<ImageException>(() => ImageLayout.Plan("edge", files, size));
        Assert.Equal(ErrorKind.Input, exception.Kind);
        return exception;
    }
}
