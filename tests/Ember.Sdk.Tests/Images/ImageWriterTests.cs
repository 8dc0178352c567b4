using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.IO.Hashing;
using System.Linq;
using System.Security.Cryptography;
using Ember.Sdk.Images;
using Ember.Sdk.Tests.Hosting;

namespace Ember.Sdk.Tests.Images;

public sealed class ImageWriterTests : IDisposable
{
    private const long MiB = ImageFixture.MiB;

    private readonly TemporaryFolder _folder = new();

    private string ImagePath => _folder["usb-key.img"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(null)]
    [InlineData(33L)]
    [InlineData(64L)]
    [InlineData(260L)]
    [InlineData(261L)]
    public void Every_oracle_finds_the_image_in_order(long? mebibytes)
    {
        SortedDictionary<string, byte[]> files = ImageFixture.Appliance();

        ImageReport report = ImageWriter.Write(ImageFixture.Request(files, mebibytes * MiB), ImagePath);

        Assert.Equal((mebibytes ?? 33) * MiB + 2 * MiB, report.Size);
        Assert.Equal(report.Size, new FileInfo(ImagePath).Length);
        ImageFixture.AssertSameFiles(files, ImageFixture.Read(ImagePath));
        Oracles.RequireCleanTable(ImagePath);
        string volume = ImageFixture.ExtractVolume(report, 0, _folder);
        (int count, long used, long clusters) = Oracles.RequireCleanVolume(volume);
        Assert.Equal(files.Count + "EFI EFI/BOOT ember ember/vm-web label".Split(' ').Length, count);
        Dictionary<string, string> information = Oracles.VolumeInformation(ImagePath, MiB);
        int clusterSize = mebibytes > 260 ? 4096 : 512;
        Assert.Equal($"{clusterSize / 512} sectors", information["cluster size"]);
        Assert.Equal((clusters - used).ToString(CultureInfo.InvariantCulture), information["free clusters"]);
        Assert.Equal((clusters - used) * clusterSize, Assert.Single(report.Partitions).Volume!.FreeBytes);
        Assert.InRange(clusters, 65_525, long.MaxValue);
        Assert.Equal(report.Partitions[0].Volume!.Id.ToString("X8", CultureInfo.InvariantCulture), information["serial number"]);
        Assert.Equal("\"EMBER      \"", information["disk label"]);
        Assert.Equal("2048", information["hidden sectors"]);
        ImageFixture.AssertSameFiles(files, Oracles.Files(ImagePath, MiB, _folder));
    }

    [Fact]
    public void The_report_says_where_each_file_lies_and_what_it_hashes_to()
    {
        SortedDictionary<string, byte[]> files = ImageFixture.Appliance();

        ImageReport report = ImageWriter.Write(ImageFixture.Request(files), ImagePath);

        byte[] image = File.ReadAllBytes(ImagePath);
        Assert.Equal(files.Keys, report.Partitions[0].Files.Select(file => file.Path).Order(StringComparer.Ordinal));
        Assert.All(report.Partitions[0].Files, file =>
        {
            byte[] expected = files[file.Path];
            Assert.Equal(expected.Length, file.Digest.Length);
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(expected)), file.Digest.Sha256);
            Assert.Equal(XxHash3.HashToUInt64(expected), file.Digest.Xxh3);
            Assert.Equal(file.Digest, ContentDigest.Of(new MemoryStream(expected)));
            Assert.Equal(file.Digest, ContentDigest.Of(expected));
            Assert.True(expected.AsSpan().SequenceEqual(image.AsSpan((int)file.Offset, expected.Length)), file.Path);
        });
        Assert.Equal(0, report.Partitions[0].Files.Single(file => file.Path == "ember/empty").Offset);
    }

    [Fact]
    public void Zeros_take_no_room_on_disk_and_files_none_in_memory()
    {
        string source = _folder["disk.img"];
        using (FileStream stream = File.Create(source))
        {
            stream.SetLength(100 * MiB);
            stream.Position = 70 * MiB;
            stream.Write(ImageFixture.Pattern(1000, 1));
        }

        ImageRequest request = ImageFixture.Request(ImageFixture.Esp(ImageFile.FromFile("vm/disk.img", source)));
        long before = GC.GetAllocatedBytesForCurrentThread();

        ImageReport report = ImageWriter.Write(request, ImagePath);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 8 * MiB);
        (string blocks, _) = HostTool.Run("coreutils", "stat", "-c", "%b", ImagePath);
        Assert.InRange(long.Parse(blocks, CultureInfo.InvariantCulture) * 512, 1, 2 * MiB);
        using FileStream original = File.OpenRead(source);
        Assert.Equal(ContentDigest.Of(original), Assert.Single(report.Partitions[0].Files).Digest);
        SortedDictionary<string, byte[]> read = ImageFixture.Read(ImagePath);
        Assert.Equal(report.Partitions[0].Files[0].Digest, ContentDigest.Of(read["vm/disk.img"]));
    }

    [Fact]
    public void Progress_ends_at_the_sum_of_the_files()
    {
        SortedDictionary<string, byte[]> files = ImageFixture.Appliance();
        Steps steps = new();

        ImageWriter.Write(ImageFixture.Request(files), ImagePath, steps);

        Assert.Equal(steps.Values.Order(), steps.Values);
        Assert.Equal(files.Sum(file => file.Value.Length), steps.Values[^1]);
    }

    [Fact]
    public void An_image_may_be_full_to_the_last_cluster()
    {
        ImageLayout empty = ImageLayout.Plan(ImageFixture.Request(ImageFixture.Esp()));
        long free = empty.Partitions[0].Volume!.FreeClusters * 512L;

        ImageReport report = ImageWriter.Write(
            ImageFixture.Request(new Dictionary<string, byte[]> { ["FULL"] = ImageFixture.Pattern((int)free, 1) }), ImagePath);

        Assert.Equal(0, Assert.Single(report.Partitions).Volume!.FreeBytes);
        Assert.Equal(empty.Size, report.Size);
        Assert.Equal(free, ImageFixture.Read(ImagePath)["FULL"].Length);
        Assert.Equal("0", Oracles.VolumeInformation(ImagePath, MiB).GetValueOrDefault("free clusters", "0"));
        (_, long used, long clusters) = Oracles.RequireCleanVolume(ImageFixture.ExtractVolume(report, 0, _folder));
        Assert.Equal(clusters, used);
    }

    private sealed class Steps : IProgress<long>
    {
        public List<long> Values { get; } = [];

        public void Report(long value) => Values.Add(value);
    }
}
