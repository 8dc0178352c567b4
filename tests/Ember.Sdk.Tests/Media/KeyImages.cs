using System;
using System.IO;
using Ember.Sdk.Gpt;
using Ember.Sdk.Media;
using Ember.Sdk.Tests.Gpt;
using Ember.Sdk.Tests.Hosting;
using Ember.Sdk.Tests.Images;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace Ember.Sdk.Tests.Media;

/// <summary>A small image of a key, and mediums to write it to.</summary>
internal static class KeyImages
{
    public const int MiB = 1024 * 1024;

    /// <summary>The image: a partition of 3 MiB of which one is empty.</summary>
    public static byte[] Small { get; } = Make();

    /// <summary>Writes an image to a file.</summary>
    public static ImageSource Source(TemporaryFolder folder, byte[] image)
    {
        string path = folder["key.img"];
        File.WriteAllBytes(path, image);
        return ImageSource.Open(path);
    }

    /// <summary>The same compressed, in two frames.</summary>
    public static ImageSource Compressed(TemporaryFolder folder, byte[] image)
    {
        string path = folder["key.img.zst"];
        using Compressor compressor = new();
        compressor.SetParameter(ZSTD_cParameter.ZSTD_c_checksumFlag, 1);
        using FileStream file = File.Create(path);
        file.Write(compressor.Wrap(image.AsSpan(0, MiB)));
        file.Write(compressor.Wrap(image.AsSpan(MiB)));
        file.Close();
        return ImageSource.Open(path);
    }

    /// <summary>What was on a medium before: another key, which boots.</summary>
    public static byte[] Former(int length)
    {
        byte[] former = ImageFixture.Pattern(length, 77);
        GptTable table = GptFixture.Small with { SectorCount = length / 512 };
        GptWriter.Primary(table).CopyTo(former, 0);
        byte[] backup = GptWriter.Backup(table);
        backup.CopyTo(former, length - backup.Length);
        return former;
    }

    /// <summary>The table that is read from a medium; null where none is whole.</summary>
    public static GptTable? Table(byte[] medium)
    {
        try
        {
            using MemoryStream stream = new(medium);
            return GptReader.Read(stream);
        }
        catch (ImageException)
        {
            return null;
        }
    }

    private static byte[] Make()
    {
        GptTable table = new(GptFixture.DiskId, 4 * 2048 + 33,
        [
            new GptPartition(
                GptPartitionType.EfiSystem, new Guid("11223344-5566-8788-99aa-bbccddeeff00"), 2048, 4 * 2048 - 1, "EFI system partition"),
        ]);
        byte[] image = new byte[table.SectorCount * 512];
        ImageFixture.Pattern(MiB, 1).CopyTo(image, MiB);
        ImageFixture.Pattern(MiB, 2).CopyTo(image, 3 * MiB);
        GptWriter.Primary(table).CopyTo(image, 0);
        byte[] backup = GptWriter.Backup(table);
        backup.CopyTo(image, image.Length - backup.Length);
        return image;
    }
}
