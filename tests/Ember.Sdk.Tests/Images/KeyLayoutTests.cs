using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Ember.Sdk.Fat;
using Ember.Sdk.Gpt;
using Ember.Sdk.Images;
using Ember.Sdk.Tests.Hosting;

namespace Ember.Sdk.Tests.Images;

/// <summary>Whole keys: a loader, two banks and their state.</summary>
public sealed class KeyLayoutTests : IDisposable
{
    private const long MiB = ImageFixture.MiB;

    private static SortedDictionary<string, byte[]> BankFiles { get; } = new(StringComparer.Ordinal)
    {
        ["appliance.plan"] = ImageFixture.Pattern(1000, 1),
        ["bank.manifest"] = ImageFixture.Pattern(700, 2),
        ["core.efi"] = ImageFixture.Pattern(130_000, 3),
        ["vmlinuz-6.1.0-32-cloud-amd64"] = ImageFixture.Pattern(2_000_000, 4),
    };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("standard", 1, FatType.Fat32, 64, FatType.Fat16, 4, 75)]
    [InlineData("standard", 8, FatType.Fat32, 64, FatType.Fat16, 4, 90)]
    [InlineData("16", 1, FatType.Fat16, 3, FatType.Fat16, 4, 14)]
    [InlineData("32", 1, FatType.Fat16, 3, FatType.Fat16, 12, 30)]
    [InlineData("64", 1, FatType.Fat32, 33, FatType.Fat16, 12, 60)]
    public void Every_oracle_finds_a_key_in_order(
        string layoutName, int alignment, FatType espType, long esp, FatType bankType, long bank, long whole)
    {
        KeyLayout layout = Layout(layoutName) with { Alignment = alignment * MiB };

        ImageReport report = ImageWriter.Write(layout.Request(Content()), _folder["key.img"]);

        Assert.Equal(whole * MiB, report.Size);
        Assert.Equal([KeyLayout.EspName, "BANK-A", "BANK-B", "STATE"], report.Partitions.Select(partition => partition.Name));
        Assert.Equal([esp, bank, bank, 1], report.Partitions.Select(partition => partition.Size / MiB));
        Assert.Equal([espType, bankType, bankType, null], report.Partitions.Select(partition => partition.Volume?.Type));
        Assert.All(report.Partitions, partition => Assert.Equal(0, partition.Offset % (alignment * MiB)));
        Assert.Equal(3, report.Partitions.Select(partition => partition.Volume?.Id).OfType<uint>().Distinct().Count());
        Oracles.RequireCleanTable(report.Path);
        using FileStream image = File.OpenRead(report.Path);
        GptTable table = GptReader.Read(image);
        Assert.Equal(
            [GptPartitionType.EfiSystem, GptPartitionType.BasicData, GptPartitionType.BasicData, GptPartitionType.EmberState],
            table.Partitions.Select(partition => partition.Type));
        SortedDictionary<string, byte[]>[] files =
            [new(StringComparer.Ordinal) { ["EFI/BOOT/BOOTX64.EFI"] = Content().Loader.ToArray() }, BankFiles, BankFiles];
        for (int i = 0; i < files.Length; i++)
        {
            ImageFixture.AssertSameFiles(files[i], ImageFixture.ReadVolume(image, table.Partitions[i]));
            ImageFixture.AssertSameFiles(files[i], Oracles.Files(report.Path, report.Partitions[i].Offset, _folder));
            Oracles.RequireCleanVolume(ImageFixture.ExtractVolume(report, i, _folder), i == 0 ? espType : bankType);
        }

        byte[] state = File.ReadAllBytes(ImageFixture.ExtractVolume(report, 3, _folder));
        Assert.Equal(Content().State.ToArray(), state[..1024]);
        Assert.False(state.AsSpan(1024).ContainsAnyExcept((byte)0));
    }

    [Theory]
    [InlineData("16", 16_000_000)]
    [InlineData("32", 32_000_000)]
    [InlineData("64", 64_000_000)]
    public void A_compact_key_fits_a_module_whose_maker_counts_in_millions(string layout, long capacity) =>
        Assert.InRange(ImageLayout.Plan(Layout(layout).Request(Content())).Size, capacity / 4 * 3, capacity);

    [Theory]
    [InlineData("standard", false)]
    [InlineData("64", false)]
    [InlineData("32", true)]
    [InlineData("16", true)]
    public void A_FAT16_system_partition_comes_with_a_warning(string layout, bool warns)
    {
        Assert.Equal(warns, Layout(layout).Warning is not null);
        if (warns)
        {
            Assert.Contains("is FAT16, which some firmware does not start from", Layout(layout).Warning, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(10, 2)]
    [InlineData(2_000_000, 3)]
    [InlineData(40_000_000, 49)]
    public void A_bank_has_a_quarter_more_than_the_larger_bank_takes(int length, long mebibytes)
    {
        ImageFile[] large = [ImageFile.FromBytes("core.efi", new byte[length])];
        KeyContent empty = Content() with { BankA = [], BankB = [] };
        foreach (KeyContent content in (KeyContent[])[empty with { BankA = large }, empty with { BankB = large }])
        {
            ImageLayout layout = ImageLayout.Plan(KeyLayout.Standard.Request(content));
            Assert.Equal([mebibytes, mebibytes], [layout.Partitions[1].Size / MiB, layout.Partitions[2].Size / MiB]);
        }
    }

    [Fact]
    public void What_a_module_has_no_room_for_is_refused()
    {
        KeyContent large = Content() with { BankA = [ImageFile.FromBytes("core.efi", new byte[13_000_000])] };

        Refused("partition 'BANK-A' of image 'edge': its files do not fit into 12 MiB", KeyLayout.Compact32, large);
        Refused("leave no room for two banks", KeyLayout.Compact16 with { EspSize = 13 * MiB }, Content());
        Refused("leave no room for two banks", KeyLayout.Compact16 with { Alignment = 8 * MiB }, Content());
        Refused("its partitions take 28 MiB, and it may have 15", KeyLayout.Compact16 with { BankSize = 11 * MiB }, Content());
        Refused("no power of two", KeyLayout.Compact32 with { Alignment = 3 * MiB }, Content());
        Refused("its files do not fit into 32 MiB", KeyLayout.Standard with { EspSize = 32 * MiB }, Content());
        Refused("its content does not fit into 1 MiB", KeyLayout.Standard, Content() with { State = new byte[MiB + 1] });

        static void Refused(string what, KeyLayout layout, KeyContent content)
        {
            ImageException exception = Assert.Throws<ImageException>(() => layout.Request(content));
            Assert.Equal(ErrorKind.Input, exception.Kind);
            Assert.Contains(what, exception.Message, StringComparison.Ordinal);
        }
    }

    private static KeyLayout Layout(string name) => name switch
    {
        "16" => KeyLayout.Compact16,
        "32" => KeyLayout.Compact32,
        "64" => KeyLayout.Compact64,
        _ => KeyLayout.Standard,
    };

    private static KeyContent Content()
    {
        ImageFile[] bank = [.. BankFiles.Select(file => ImageFile.FromBytes(file.Key, file.Value))];
        return new KeyContent
        {
            Name = "edge",
            Loader = ImageFixture.Pattern(40_000, 5),
            BankA = bank,
            BankB = bank,
            State = ImageFixture.Pattern(1024, 6),
        };
    }
}
