using System;
using System.Linq;
using CsCheck;
using Ember.Sdk.Fat;
using Ember.Sdk.Gpt;
using Ember.Sdk.Images;

namespace Ember.Sdk.Tests.Images;

public sealed class ImageLayoutTests
{
    private const long MiB = ImageFixture.MiB;
    private const string Esp = "partition 'EFI system partition' of image 'edge'";

    private static RawPartition Raw { get; } = new() { Name = "RAW", Type = GptPartitionType.EmberState };

    [Theory]
    [InlineData(FatType.Fat32, 32, 33)]
    [InlineData(FatType.Fat32, 1, 33)]
    [InlineData(FatType.Fat16, 2, 3)]
    [InlineData(FatType.Fat12, 1, 2)]
    [InlineData(null, 1, 2)]
    public void A_size_that_is_too_small_is_refused_with_one_that_is_not(FatType? type, long mebibytes, long enough)
    {
        FatPartition partition = ImageFixture.Esp(Bytes("EFI/BOOT/BOOTX64.EFI", 1_200_000)) with { FatType = type };

        ImageException exception = Refused(partition with { Size = mebibytes * MiB });

        Assert.Equal($"{Esp}: its files do not fit into {mebibytes} MiB; make it {enough} MiB or more", exception.Message);
        Assert.Equal(enough * MiB, ImageLayout.SmallestSize("edge", partition));
    }

    [Theory]
    [InlineData(FatType.Fat12, 128, 128)]
    [InlineData(FatType.Fat16, 4096, 2048)]
    [InlineData(FatType.Fat32, 1L << 22, 2_097_151)]
    public void A_size_that_is_too_large_is_refused_with_one_that_is_not(FatType type, long mebibytes, long largest)
    {
        ImageException exception = Refused(ImageFixture.Esp() with { FatType = type, Size = mebibytes * MiB });

        Assert.Contains($"FAT{(int)type}; make it {largest} MiB at most", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(64 * MiB + 512)]
    [InlineData(64 * MiB - 1)]
    public void A_size_that_is_not_whole_is_refused(long size)
    {
        Assert.Contains("whole MiB", Refused(ImageFixture.Esp() with { Size = size }).Message, StringComparison.Ordinal);
        Assert.Contains("whole MiB", Refused(Raw with { Size = size }).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-MiB)]
    [InlineData(MiB / 2)]
    [InlineData(3 * MiB)]
    [InlineData(128 * MiB)]
    [InlineData(long.MinValue)]
    public void An_alignment_that_is_no_erase_block_is_refused(long alignment)
    {
        ImageException exception = Assert.Throws<ImageException>(
            () => ImageLayout.Plan(ImageFixture.Request(Raw) with { Alignment = alignment }));

        Assert.Equal(ErrorKind.Input, exception.Kind);
        Assert.Contains("no power of two from 1 MiB to 64 MiB", exception.What, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a name of thirty-seven UTF-16 units..")]
    public void A_name_that_no_entry_holds_is_refused(string name) =>
        Assert.Contains("1 to 36 characters", Refused(Raw with { Name = name }).What, StringComparison.Ordinal);

    [Fact]
    public void Two_partitions_of_one_name_are_refused() =>
        Assert.Contains("another of that name", Refused(Raw, Raw).What, StringComparison.Ordinal);

    [Fact]
    public void Bytes_that_do_not_fit_are_refused()
    {
        RawPartition raw = Raw with { Bytes = new byte[MiB + 1] };

        Assert.Equal(2 * MiB, ImageLayout.SmallestSize("edge", raw));
        Assert.Equal(
            "partition 'RAW' of image 'edge': its content does not fit into 1 MiB; make it 2 MiB or more",
            Refused(raw with { Size = MiB }).Message);
    }

    [Fact]
    public void Partitions_that_no_image_holds_are_refused() => Assert.Contains("is the most of an image", Refused(
        [.. Enumerable.Range(0, 3).Select(number => Raw with { Name = $"R{number}", Size = 1L << 40 })]).What, StringComparison.Ordinal);

    [Fact]
    public void The_smallest_partition_holds_its_files_and_a_MiB_less_does_not() =>
        Gen.Select(Gen.Int[0, 8_000_000].Array[0, 6], Gen.Int[0, 3]).Sample(
            (lengths, number) =>
            {
                FatType? type = number == 0 ? null : Enum.GetValues<FatType>()[number - 1];
                FatPartition partition = ImageFixture.Esp(
                    [.. lengths.Select((length, index) => Bytes($"dir{index % 2}/file {index}", length))]) with
                {
                    FatType = type,
                };

                long size = ImageLayout.SmallestSize("edge", partition);

                Assert.Equal(size + 2 * MiB, ImageLayout.Plan(ImageFixture.Request(partition with { Size = size })).Size);
                Assert.Equal(size + 2 * MiB, ImageLayout.Plan(ImageFixture.Request(partition with { MinimumSize = size })).Size);
                Assert.Equal(
                    size + 9 * MiB, ImageLayout.Plan(ImageFixture.Request(partition with { MinimumSize = size + 6 * MiB + 1 })).Size);
                if (size > MiB)
                {
                    ImageException exception = Refused(partition with { Size = size - MiB });
                    Assert.EndsWith($"make it {size / MiB} MiB or more", exception.Message, StringComparison.Ordinal);
                }
            },
            iter: 100);

    [Fact]
    public void Nothing_overlaps_and_everything_is_inside_and_aligned() => Gen.Select(
        Gen.Int[0, 300_000].Array[0, 8].Array[1, 6], Gen.Int[0, 6]).Sample(
        (partitions, shift) =>
        {
            ImageRequest request = ImageFixture.Request(
            [
                .. partitions.Select((lengths, index) => index % 3 == 2
                    ? Raw with { Name = $"P{index}", Bytes = new byte[lengths.Length * 300_000] }
                    : (PartitionRequest)(ImageFixture.Esp(
                        [.. lengths.Select((length, number) => Bytes($"dir{number % 3}/file {number}", length))]) with
                    {
                        Name = $"P{index}",
                        FatType = null,
                    })),
            ]) with
            {
                Alignment = MiB << shift,
            };

            ImageLayout layout = ImageLayout.Plan(request);

            Assert.Equal(request.Partitions, layout.Partitions.Select(partition => partition.Request));
            long end = MiB;
            foreach (ImagePartition partition in layout.Partitions)
            {
                Assert.Equal(0, partition.Offset % (MiB << shift));
                Assert.InRange(partition.Offset, end, end + (MiB << shift) - 1);
                end = partition.Offset + partition.Size;
                Assert.Equal((end / 512) - 1, partition.LastLba);
                AssertInside(partition);
            }

            Assert.Equal(end + MiB, layout.Size);
        },
        iter: 200);

    private static void AssertInside(ImagePartition partition)
    {
        if (partition.Volume is not { } volume)
        {
            return;
        }

        Assert.Equal(partition.Size, volume.Geometry.SectorCount * 512);
        long end = volume.Geometry.DataSector * 512;
        foreach (FatPlacement file in volume.Files.Where(file => file.Length > 0))
        {
            Assert.InRange(file.Offset, end, long.MaxValue);
            end = file.Offset + file.Length;
        }

        Assert.InRange(end, 0, partition.Size);
    }

    private static ImageFile Bytes(string path, int length) => ImageFile.FromBytes(path, new byte[length]);

    private static ImageException Refused(params PartitionRequest[] partitions)
    {
        ImageException exception = Assert.Throws<ImageException>(() => ImageLayout.Plan(ImageFixture.Request(partitions)));
        Assert.Equal(ErrorKind.Input, exception.Kind);
        return exception;
    }
}
