using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using CsCheck;
using Ember.Sdk.Fat;
using Ember.Sdk.Tests.Hosting;
using Ember.Sdk.Tests.Images;

namespace Ember.Sdk.Tests.Fat;

/// <summary>Each type of FAT, beside what fsck.fat and mtools make of it.</summary>
public sealed class FatTypesTests : IDisposable
{
    // What mtools wants a volume to be a whole number of.
    private const int SectorsPerTrack = 32;

    private readonly TemporaryFolder _folder = new();

    private string Volume => _folder["volume.img"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(FatType.Fat12, 1)]
    [InlineData(FatType.Fat12, 2)]
    [InlineData(FatType.Fat12, 3)]
    [InlineData(FatType.Fat12, 17)]
    [InlineData(FatType.Fat12, 127)]
    [InlineData(FatType.Fat16, 3)]
    [InlineData(FatType.Fat16, 16)]
    [InlineData(FatType.Fat16, 31)]
    [InlineData(FatType.Fat16, 32)]
    [InlineData(FatType.Fat16, 128)]
    [InlineData(FatType.Fat16, 512)]
    [InlineData(FatType.Fat16, 2047)]
    [InlineData(FatType.Fat32, 33)]
    [InlineData(FatType.Fat32, 260)]
    [InlineData(FatType.Fat32, 261)]
    [InlineData(FatType.Fat32, 2049)]
    public void Every_oracle_finds_a_volume_of_any_type_in_order(FatType type, int mebibytes)
    {
        SortedDictionary<string, byte[]> files = new(StringComparer.Ordinal)
        {
            ["DIR/A long file name.bin"] = ImageFixture.Pattern(70_001, 1),
            ["DIR/SUB/X"] = ImageFixture.Pattern(1, 2),
            ["EMPTY"] = [],
            ["core.efi"] = ImageFixture.Pattern(98_304, 3),
        };
        VolumeFixture.Write(Volume, files, mebibytes * VolumeFixture.MiB, type);

        ImageFixture.AssertSameFiles(files, VolumeFixture.Files(Volume));
        (int count, long used, long clusters) = Oracles.RequireCleanVolume(Volume, type);
        Assert.Equal(files.Count + "DIR DIR/SUB label".Split(' ').Length, count);
        Assert.Equal(Open(reader => reader.FreeClusters), clusters - used);
        Dictionary<string, string> information = Oracles.VolumeInformation(Volume, 0);
        Assert.Equal(Open(reader => $"{reader.Geometry.SectorsPerCluster} sectors"), information["cluster size"]);
        Assert.Equal($"\"FAT{(int)type}   \"", information["disk type"]);
        Assert.Equal("CAFEF00D", information["serial number"]);
        Assert.Equal(["DIR/", "DIR/A long file name.bin", "DIR/SUB/", "DIR/SUB/X", "EMPTY", "core.efi"], Oracles.Paths(Volume, 0));
        ImageFixture.AssertSameFiles(files, Oracles.Files(Volume, 0, _folder));
    }

    [Fact]
    public void A_volume_of_any_length_near_a_border_and_any_tree_comes_back_from_all_readers()
    {
        Gen<(FatType Type, long Sectors)> nearBorder = Gen.OneOf(
            Near(FatType.Fat12, 100, 4150), Near(FatType.Fat16, 4200, 4500), Near(FatType.Fat12, 8000, 8300),
            Near(FatType.Fat16, 8300, 8600), Near(FatType.Fat16, 32_500, 33_000), Near(FatType.Fat16, 65_400, 66_800),
            Near(FatType.Fat32, 66_605, 67_000), Near(FatType.Fat16, 262_000, 262_500), Near(FatType.Fat32, 532_300, 532_700));
        Gen.Select(nearBorder, Gen.Int[0, 6000].Array[0, 6]).Sample(
            (volume, lengths) =>
            {
                SortedDictionary<string, byte[]> files = new(StringComparer.Ordinal);
                foreach ((int number, int length) in lengths.Index())
                {
                    string folder = number % 3 == 0 ? "" : $"Folder {number % 3}/";
                    files.Add($"{folder}file {number}", ImageFixture.Pattern(length, (uint)number));
                }

                VolumeFixture.Write(Volume, files, volume.Sectors * FatGeometry.SectorSize, volume.Type);

                ImageFixture.AssertSameFiles(files, VolumeFixture.Files(Volume));
                Oracles.RequireCleanVolume(Volume, volume.Type);
                ImageFixture.AssertSameFiles(files, Oracles.Files(Volume, 0, _folder));
            },
            iter: 60,
            threads: 1);

        static Gen<(FatType Type, long Sectors)> Near(FatType type, int from, int to) =>
            Gen.Int[(from + SectorsPerTrack - 1) / SectorsPerTrack, to / SectorsPerTrack]
                .Select(tracks => (type, (long)tracks * SectorsPerTrack));
    }

    [Theory]
    [InlineData(FatType.Fat12)]
    [InlineData(FatType.Fat16)]
    public void A_volume_may_be_full_to_its_last_cluster(FatType type)
    {
        long sectors = VolumeFixture.SmallSize(type) / FatGeometry.SectorSize;
        FatGeometry geometry = FatGeometry.ForVolume(sectors, type)!.Value;
        SortedDictionary<string, byte[]> files = new(StringComparer.Ordinal)
        {
            ["FULL"] = ImageFixture.Pattern((int)geometry.ClusterCount * geometry.ClusterSize, 1),
        };

        VolumeFixture.Write(Volume, files, VolumeFixture.SmallSize(type), type);

        Assert.Equal(0u, Open(reader => reader.FreeClusters));
        (_, long used, long clusters) = Oracles.RequireCleanVolume(Volume, type);
        Assert.Equal(clusters, used);
        ImageFixture.AssertSameFiles(files, Oracles.Files(Volume, 0, _folder));
        Assert.Null(FatLayout.TryCreate(FatTree.Build([new FatFile("FULL", files["FULL"].Length + 1)]), geometry));
    }

    [Theory]
    [InlineData(FatType.Fat12)]
    [InlineData(FatType.Fat16)]
    public void A_root_folder_takes_510_names_and_no_more(FatType type)
    {
        // With the label and the entry of zeros at the end, which not every driver does without.
        string[] names = [.. Enumerable.Range(0, 511).Select(number => number.ToString("D8", CultureInfo.InvariantCulture))];
        VolumeFixture.Write(Volume, VolumeFixture.Named(names[..510]), 4 * VolumeFixture.MiB, type);

        Assert.Equal(names[..510], Oracles.Paths(Volume, 0));
        Assert.Equal(511, Oracles.RequireCleanVolume(Volume, type).Files);
        ImageException exception = Assert.Throws<ImageException>(
            () => VolumeFixture.Write(Volume, VolumeFixture.Named(names), 4 * VolumeFixture.MiB, type));
        Assert.Equal(ErrorKind.Input, exception.Kind);
        Assert.Contains("need 513 entries, and FAT12 and FAT16 have 512", exception.What, StringComparison.Ordinal);
        VolumeFixture.Write(Volume, VolumeFixture.Named(names));
    }

    private T Open<T>(Func<FatReader, T> read)
    {
        using FileStream volume = File.OpenRead(Volume);
        return read(FatReader.Open(volume, 0, volume.Length));
    }
}
