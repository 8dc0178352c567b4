using System;
using System.Globalization;
using System.IO;
using System.Linq;
using CsCheck;
using Ember.Sdk.Gpt;
using Ember.Sdk.Tests.Hosting;

namespace Ember.Sdk.Tests.Gpt;

public sealed class GptWriterTests : IDisposable
{
    private const long SectorsPerMiB = 2048;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(2 * SectorsPerMiB + 33)]
    [InlineData(64 * SectorsPerMiB)]
    [InlineData(65 * SectorsPerMiB + 1)]
    [InlineData(8 * 1024 * SectorsPerMiB)]
    [InlineData(0x1_0000_0000)]
    [InlineData(0x1_4000_0000)]
    public void Sgdisk_finds_no_problem_and_reads_what_was_written(long sectorCount)
    {
        GptTable table = GptFixture.Small with { SectorCount = sectorCount };
        string image = Write(table);

        Oracles.RequireCleanTable(image);
        (string text, _) = HostTool.Run("gdisk", "sgdisk", "-p", "-i", "1", image);
        Assert.Contains($"Disk identifier (GUID): {Upper(table.DiskId)}", text, StringComparison.Ordinal);
        Assert.Contains("(EFI system partition)", text, StringComparison.Ordinal);
        Assert.Contains($"Partition unique GUID: {Upper(table.Partitions[0].Id)}", text, StringComparison.Ordinal);
        Assert.Contains("First sector: 2048 ", text, StringComparison.Ordinal);
        Assert.Contains("Last sector: 4095 ", text, StringComparison.Ordinal);
        Assert.Contains("Partition name: 'EFI system partition'", text, StringComparison.Ordinal);
        Assert.Contains("Attribute flags: 0000000000000000", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_table_comes_back_from_the_reader_and_passes_sgdisk() => GptFixture.Tables.Sample(
        table =>
        {
            string image = Write(table);
            using (FileStream disk = File.OpenRead(image))
            {
                GptFixture.AssertSame(table, GptReader.Read(disk));
            }

            Oracles.RequireCleanTable(image);
        },
        iter: 25,
        threads: 1);

    [Fact]
    public void The_first_sectors_are_those_that_sgdisk_writes()
    {
        GptPartition partition = GptFixture.Small.Partitions[0];
        string image = _folder["theirs.img"];
        using (FileStream disk = File.Create(image))
        {
            disk.SetLength(GptFixture.Small.SectorCount * GptTable.SectorSize);
        }

        HostTool.Run("gdisk", "sgdisk", "-o", "-U", $"{GptFixture.DiskId}", "-n", "1:2048:4095", "-t", "1:ef00",
            "-u", $"1:{partition.Id}", "-c", $"1:{partition.Name}", image);

        byte[] theirs = File.ReadAllBytes(image);
        Assert.Equal(GptWriter.Primary(GptFixture.Small), theirs[..(34 * 512)]);
        Assert.Equal(GptWriter.Backup(GptFixture.Small), theirs[^(33 * 512)..]);
    }

    [Fact]
    public void A_table_that_breaks_a_rule_is_refused()
    {
        GptPartition good = GptFixture.Small.Partitions[0];
        GptTable big = GptFixture.Small with { SectorCount = 100 * SectorsPerMiB };
        GptPartition second = good with { Id = GptFixture.DiskId, FirstLba = 6144, LastLba = 8191, Name = "second" };

        Refused(GptFixture.Small with { SectorCount = 67 }, "too small");
        Refused(GptFixture.Small with { DiskId = Guid.Empty }, "disk identifier is zero");
        Refused(big with { Partitions = [good with { Type = Guid.Empty }] }, "type is zero");
        Refused(big with { Partitions = [good with { Id = Guid.Empty }] }, "identifier is zero");
        Refused(big with { Partitions = [good with { FirstLba = 4096 }] }, "after its last");
        Refused(big with { Partitions = [good with { FirstLba = 0 }] }, "leave the usable");
        Refused(big with { Partitions = [good with { LastLba = big.LastUsableLba + 1 }] }, "leave the usable");
        Refused(big with { Partitions = [good with { FirstLba = 2049 }] }, "not aligned");
        Refused(big with { Partitions = [good with { Name = new string('x', 37) }] }, "name is longer");
        Refused(big with { Partitions = [good with { Name = "a\0b" }] }, "contains NUL");
        Refused(big with { Partitions = [good with { Attributes = 8 }] }, "reserved bits");
        Refused(big with { Partitions = [good with { LastLba = 6144 }, second] }, "overlaps");
        Refused(big with { Partitions = [second, good with { LastLba = 6144 }] }, "overlaps");
        Refused(big with { Partitions = [good, second with { Id = good.Id }] }, "same identifier");
        Refused(big with { Partitions = [.. Enumerable.Repeat(good, 129)] }, "129 partitions");

        static void Refused(GptTable table, string what)
        {
            ImageException primary = Assert.Throws<ImageException>(() => GptWriter.Primary(table));
            Assert.Contains(what, primary.Message, StringComparison.Ordinal);
            Assert.Equal(ErrorKind.Input, primary.Kind);
            Assert.Throws<ImageException>(() => GptWriter.Backup(table));
        }
    }

    private static string Upper(Guid id) => id.ToString("D", CultureInfo.InvariantCulture).ToUpperInvariant();

    private string Write(GptTable table)
    {
        string path = _folder["disk.img"];
        using FileStream disk = File.Create(path);
        GptFixture.Write(table, disk);
        return path;
    }
}
