using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Ember.Sdk.Fat;
using Ember.Sdk.Gpt;
using Ember.Sdk.Images;
using Ember.Sdk.Tests.Hosting;

namespace Ember.Sdk.Tests.Images;

/// <summary>An appliance's worth of files, and the checks that every image has to stand.</summary>
internal static class ImageFixture
{
    public const long MiB = 1024 * 1024;

    /// <summary>Bytes that differ from place to place, so that none can be taken for another.</summary>
    public static byte[] Pattern(int length, uint seed)
    {
        byte[] bytes = new byte[length];
        uint state = seed * 2654435761u + 1;
        for (int i = 0; i < length; i++)
        {
            state = state * 1664525 + 1013904223;
            bytes[i] = (byte)(state >> 24);
        }

        return bytes;
    }

    public static SortedDictionary<string, byte[]> Appliance() => new(StringComparer.Ordinal)
    {
        ["EFI/BOOT/BOOTX64.EFI"] = Pattern(98_304, 1),
        ["ember/appliance.plan"] = Pattern(1000, 2),
        ["ember/vm-web/vmlinuz-6.1.0-32-cloud-amd64"] = Pattern(700_001, 3),
        ["ember/vm-web/initramfs.img"] = Pattern(512, 4),
        ["ember/vm-web/command-line"] = Encoding.UTF8.GetBytes("console=ttyS0"),
        ["ember/empty"] = [],
        ["README.TXT"] = Pattern(513, 5),
    };

    /// <summary>An image of one EFI system partition.</summary>
    /// <param name="files">Its files.</param>
    /// <param name="size">The partition's length; null for the smallest.</param>
    public static ImageRequest Request(IReadOnlyDictionary<string, byte[]> files, long? size = null) =>
        Request(Esp([.. files.Select(file => ImageFile.FromBytes(file.Key, file.Value))]) with { Size = size });

    public static ImageRequest Request(params PartitionRequest[] partitions) => new() { Name = "edge", Partitions = partitions };

    public static FatPartition Esp(params ImageFile[] files) => new()
    {
        Name = KeyLayout.EspName,
        Type = GptPartitionType.EfiSystem,
        Label = "EMBER",
        FatType = FatType.Fat32,
        Files = files,
    };

    /// <summary>Reads an image of one partition with our own readers, which check everything on the way.</summary>
    public static SortedDictionary<string, byte[]> Read(string path)
    {
        using FileStream image = File.OpenRead(path);
        GptPartition partition = Assert.Single(GptReader.Read(image).Partitions);
        Assert.Equal(GptPartitionType.EfiSystem, partition.Type);
        return ReadVolume(image, partition);
    }

    /// <summary>Reads the files of a partition.</summary>
    public static SortedDictionary<string, byte[]> ReadVolume(Stream image, GptPartition partition)
    {
        FatReader volume = FatReader.Open(
            image, partition.FirstLba * GptTable.SectorSize, partition.SectorCount * GptTable.SectorSize);
        Assert.Equal(partition.SectorCount, volume.Geometry.SectorCount);
        SortedDictionary<string, byte[]> files = new(StringComparer.Ordinal);
        foreach (FatEntry entry in volume.Entries.Where(entry => !entry.IsDirectory))
        {
            files.Add(entry.Path, volume.ReadFile(entry.Path));
        }

        return files;
    }

    /// <summary>Copies a partition out of an image, for programs that know none; holes stay holes.</summary>
    public static string ExtractVolume(ImageReport report, int index, TemporaryFolder folder)
    {
        string path = folder["volume.img"];
        using FileStream source = File.OpenRead(report.Path);
        using FileStream target = File.Create(path);
        byte[] buffer = new byte[64 * 1024];
        long length = report.Partitions[index].Size;
        target.SetLength(length);
        for (long offset = 0; offset < length; offset += buffer.Length)
        {
            source.Position = report.Partitions[index].Offset + offset;
            source.ReadExactly(buffer);
            if (buffer.AsSpan().ContainsAnyExcept((byte)0))
            {
                target.Position = offset;
                target.Write(buffer);
            }
        }

        return path;
    }

    public static void AssertSameFiles(IReadOnlyDictionary<string, byte[]> expected, IReadOnlyDictionary<string, byte[]> actual)
    {
        Assert.Equal(expected.Keys, actual.Keys);
        Assert.All(expected, file => Assert.True(file.Value.AsSpan().SequenceEqual(actual[file.Key]), file.Key));
    }
}
