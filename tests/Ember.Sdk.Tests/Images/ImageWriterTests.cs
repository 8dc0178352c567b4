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
    [InlineData(35L)]
    [InlineData(64L)]
    [InlineData(262L)]
    [InlineData(263L)]
    [InlineData(600L)]
    public void Every_oracle_finds_the_image_in_order(long? mebibytes)
    {
        SortedDictionary<string, byte[]> files = ImageFixture.Appliance();

        ImageReport report = ImageWriter.Write(ImageFixture.Request(files, mebibytes * MiB), ImagePath);

        Assert.Equal((mebibytes ?? 35) * MiB, report.Size);
        Assert.Equal(report.Size, new FileInfo(ImagePath).Length);
        ImageFixture.AssertSameFiles(files, ImageFixture.Read(ImagePath));
        Oracles.RequireCleanTable(ImagePath);
        string volume = ImageFixture.ExtractVolume(ImagePath, _folder);
        (int count, long used, long clusters) = Oracles.RequireCleanVolume(volume);
        Assert.Equal(files.Count + "EFI EFI/BOOT ember ember/vm-web label".Split(' ').Length, count);
        Dictionary<string, string> information = Oracles.VolumeInformation(ImagePath, MiB);
        int clusterSize = mebibytes > 262 ? 4096 : 512;
        Assert.Equal($"{clusterSize / 512} sectors", information["cluster size"]);
        Assert.Equal((clusters - used).ToString(CultureInfo.InvariantCulture), information["free clusters"]);
        Assert.Equal((clusters - used) * clusterSize, report.FreeBytes);
        Assert.InRange(clusters, 65_525, long.MaxValue);
        Assert.Equal(report.VolumeId.ToString("X8", CultureInfo.InvariantCulture), information["serial number"]);
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
        Assert.Equal(files.Keys, report.Files.Select(file => file.Path).Order(StringComparer.Ordinal));
        Assert.All(report.Files, file =>
        {
            byte[] expected = files[file.Path];
            Assert.Equal(expected.Length, file.Digest.Length);
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(expected)), file.Digest.Sha256);
            Assert.Equal(XxHash3.HashToUInt64(expected), file.Digest.Xxh3);
            Assert.Equal(file.Digest, ContentDigest.Of(new MemoryStream(expected)));
            Assert.Equal(file.Digest, ContentDigest.Of(expected));
            Assert.True(expected.AsSpan().SequenceEqual(image.AsSpan((int)file.Offset, expected.Length)), file.Path);
        });
        Assert.Equal(0, report.Files.Single(file => file.Path == "ember/empty").Offset);
    }
}
