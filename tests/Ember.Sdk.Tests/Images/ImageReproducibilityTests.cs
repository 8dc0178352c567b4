using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using Ember.Sdk.Fat;
using Ember.Sdk.Gpt;
using Ember.Sdk.Images;
using Ember.Sdk.Tests.Hosting;

namespace Ember.Sdk.Tests.Images;

public sealed class ImageReproducibilityTests : IDisposable
{
    private static SortedDictionary<string, byte[]> Files { get; } = ImageFixture.Appliance();

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_same_request_gives_the_same_bytes_in_any_folder_and_order()
    {
        ImageRequest request = ImageFixture.Request(Files);
        FatPartition partition = Assert.IsType<FatPartition>(request.Partitions[0]);

        string first = Hash(request, "one/usb-key.img");
        string second = Hash(request, "two/further/down.img");
        string backwards = Hash(ImageFixture.Request(partition with { Files = [.. partition.Files.Reverse()] }), "three/usb-key.img");

        Assert.Equal(first, second);
        Assert.Equal(first, backwards);
    }

    [Fact]
    public void Files_from_disk_and_from_memory_give_the_same_bytes_whatever_their_dates()
    {
        List<ImageFile> fromDisk = [];
        foreach ((string path, byte[] content) in Files)
        {
            string source = _folder["source-" + path.Replace('/', '-')];
            File.WriteAllBytes(source, content);
            File.SetLastWriteTimeUtc(source, new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc));
            fromDisk.Add(ImageFile.FromFile(path, source));
        }

        ImageRequest request = ImageFixture.Request(Files);

        Assert.Equal(Hash(request, "one.img"), Hash(ImageFixture.Request(ImageFixture.Esp([.. fromDisk])), "two.img"));
    }

    // Another value means that every appliance's image changes: for a reason, or by mistake?
    [Fact]
    public void The_bytes_are_those_they_have_always_been() =>
        Assert.Equal(
            "8fc72d67f05f53b91176f3ace282c837e64ae9d83b3b4c4c4a00d1dc57873ae7", Hash(ImageFixture.Request(Files), "usb-key.img"));

    [Fact]
    public void Another_name_content_path_size_or_time_gives_another_image()
    {
        ImageRequest request = ImageFixture.Request(Files);
        SortedDictionary<string, byte[]> content = new(Files, StringComparer.Ordinal) { ["README.TXT"] = new byte[513] };
        SortedDictionary<string, byte[]> path = new(Files, StringComparer.Ordinal);
        path.Remove("README.TXT", out byte[]? readme);
        path.Add("README.MD", readme!);
        ImageRequest[] others =
        [
            request,
            request with { Name = "edge2" },
            ImageFixture.Request(content),
            ImageFixture.Request(path),
            ImageFixture.Request(Files, 36 * ImageFixture.MiB),
        ];

        ImageReport[] reports = [.. others.Select(other => ImageWriter.Write(other, _folder["usb-key.img"]))];

        Assert.Equal(others.Length, reports.Select(report => report.DiskId).Distinct().Count());
        Assert.Equal(others.Length, reports.Select(report => report.Partitions[0].Id).Distinct().Count());
        Assert.Equal(others.Length, reports.Select(report => report.Partitions[0].Volume!.Id).Distinct().Count());
        Assert.All(reports, report => Assert.Equal((8, 8, true),
            (report.DiskId.Version, report.Partitions[0].Id.Version, report.DiskId.Variant is >= 8 and <= 11)));
        Assert.NotEqual(
            Hash(request, "epoch0.img"), Hash(request with { SourceDateEpoch = 1_700_000_000 }, "epoch1.img"));
    }

    [Fact]
    public void What_changes_in_one_partition_changes_its_identifiers_and_the_disks_and_no_others()
    {
        FatPartition other = ImageFixture.Esp(ImageFile.FromBytes("F", new byte[] { 1 })) with { Name = "OTHER", FatType = FatType.Fat16 };
        RawPartition raw = new() { Name = "RAW", Type = GptPartitionType.EmberState, Bytes = new byte[] { 1, 2 } };
        PartitionRequest[] partitions = [ImageFixture.Request(Files).Partitions[0], other, raw];
        ImageReport first = Write(partitions);

        AssertChanged(first, Write(partitions[0], other with { Label = "CHANGED" }, raw), 1);
        AssertChanged(first, Write(partitions[0], other with { FatType = FatType.Fat12 }, raw), 1);
        AssertChanged(first, Write(partitions[0], other with { Type = GptPartitionType.BasicData }, raw), 1);
        AssertChanged(first, Write(partitions[0], other with { Name = "CHANGED" }, raw), 1);
        AssertChanged(first, Write(partitions[0], other, raw with { Bytes = new byte[] { 1, 2, 0 } }), 2);
        AssertChanged(first, Write(partitions[0], other, raw with { Size = 2 * ImageFixture.MiB }), 2);

        ImageReport Write(params PartitionRequest[] changed) =>
            ImageWriter.Write(ImageFixture.Request(changed), _folder["usb-key.img"]);

        static void AssertChanged(ImageReport first, ImageReport second, int index)
        {
            Assert.NotEqual(first.DiskId, second.DiskId);
            for (int i = 0; i < first.Partitions.Count; i++)
            {
                Assert.Equal(i != index, first.Partitions[i].Id == second.Partitions[i].Id);
                Assert.Equal(i != index || first.Partitions[i].Volume is null,
                    first.Partitions[i].Volume?.Id == second.Partitions[i].Volume?.Id);
            }
        }
    }

    [Fact]
    public void The_identifiers_are_those_that_the_documentation_derives()
    {
        RawPartition raw = new() { Name = "RAW", Type = GptPartitionType.EmberState, Bytes = new byte[] { 7 } };
        ImageReport report = ImageWriter.Write(ImageFixture.Request(raw), _folder["usb-key.img"]);

        byte[] partition = SHA256.HashData(
        [
            .. Text("ember partition 1"), .. Text("edge"), .. Text("RAW"), .. GptPartitionType.EmberState.ToByteArray(),
            .. BitConverter.GetBytes(ImageFixture.MiB), 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, .. SHA256.HashData([7]),
        ]);
        byte[] disk = SHA256.HashData(
        [
            .. Text("ember image 2"), .. Text("edge"), .. BitConverter.GetBytes(3 * ImageFixture.MiB), 1, 0, 0, 0,
            .. BitConverter.GetBytes(ImageFixture.MiB), .. partition,
        ]);
        Assert.Equal(Hexadecimal(SHA256.HashData([.. partition, .. Text("partition")])), report.Partitions[0].Id.ToString("N"));
        Assert.Equal(Hexadecimal(SHA256.HashData([.. disk, .. Text("disk")])), report.DiskId.ToString("N"));

        static byte[] Text(string text) => [(byte)text.Length, 0, 0, 0, .. System.Text.Encoding.ASCII.GetBytes(text)];

        static string Hexadecimal(byte[] hash)
        {
            hash[6] = (byte)(hash[6] % 16 + 0x80);
            hash[8] = (byte)(hash[8] % 64 + 0x80);
            return Convert.ToHexStringLower(hash.AsSpan(0, 16));
        }
    }

    private string Hash(ImageRequest request, string name)
    {
        ImageWriter.Write(request, _folder[name]);
        using FileStream image = File.OpenRead(_folder[name]);
        return Convert.ToHexStringLower(SHA256.HashData(image));
    }
}
