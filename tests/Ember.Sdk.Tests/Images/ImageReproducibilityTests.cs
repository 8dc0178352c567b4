using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
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

        string first = Hash(request, "one/usb-key.img");
        string second = Hash(request, "two/further/down.img");
        string backwards = Hash(request with { Files = [.. request.Files.Reverse()] }, "three/usb-key.img");

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

        Assert.Equal(Hash(request, "one.img"), Hash(request with { Files = fromDisk }, "two.img"));
    }

    // Another value means that every appliance's image changes: for a reason, or by mistake?
    [Fact]
    public void The_bytes_are_those_they_have_always_been() =>
        Assert.Equal(
            "4d4ff61d46701aeca52b34815385ab5af614df8c47d8497a454e4c3546621741", Hash(ImageFixture.Request(Files), "usb-key.img"));

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
            request with { Size = 36 * ImageFixture.MiB },
        ];

        ImageReport[] reports = [.. others.Select(other => ImageWriter.Write(other, _folder["usb-key.img"]))];

        Assert.Equal(others.Length, reports.Select(report => report.DiskId).Distinct().Count());
        Assert.Equal(others.Length, reports.Select(report => report.PartitionId).Distinct().Count());
        Assert.Equal(others.Length, reports.Select(report => report.VolumeId).Distinct().Count());
        Assert.All(reports, report => Assert.Equal((8, 8, true),
            (report.DiskId.Version, report.PartitionId.Version, report.DiskId.Variant is >= 8 and <= 11)));
        Assert.NotEqual(
            Hash(request, "epoch0.img"), Hash(request with { SourceDateEpoch = 1_700_000_000 }, "epoch1.img"));
    }

    private string Hash(ImageRequest request, string name)
    {
        ImageWriter.Write(request, _folder[name]);
        using FileStream image = File.OpenRead(_folder[name]);
        return Convert.ToHexStringLower(SHA256.HashData(image));
    }
}
