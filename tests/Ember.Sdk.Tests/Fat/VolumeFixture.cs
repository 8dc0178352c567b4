using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Ember.Sdk.Fat;

namespace Ember.Sdk.Tests.Fat;

/// <summary>Volumes without a disk around them.</summary>
internal static class VolumeFixture
{
    public const long MiB = 1024 * 1024;

    /// <summary>The smallest number of whole MiB that makes a FAT32 volume.</summary>
    public const long SmallestVolume = 33 * MiB;

    public static readonly FatIdentity Identity = new(0xCAFE_F00D, "EMBER TEST", FatTimestamp.FromUnixSeconds(1_700_000_001), 0);

    /// <summary>Writes a volume; what is zero is a hole.</summary>
    public static void Write(
        Stream volume, IReadOnlyDictionary<string, byte[]> files, long size = SmallestVolume, FatType type = FatType.Fat32)
    {
        FatTree tree = FatTree.Build(files.Select(file => new FatFile(file.Key, file.Value.Length)));
        FatLayout layout = FatLayout.TryCreate(tree, FatGeometry.ForVolume(size / 512, type)!.Value)!;
        volume.SetLength(size);
        FatWriter.WriteMetadata(layout, Identity, WriteAt);
        foreach (FatPlacement file in layout.Files)
        {
            WriteAt(file.Offset, file.Length == 0 ? [] : files[file.Path]);
        }

        volume.Flush();

        void WriteAt(long offset, ReadOnlySpan<byte> bytes)
        {
            if (!bytes.IsEmpty)
            {
                volume.Position = offset;
                volume.Write(bytes);
            }
        }
    }

    /// <summary>Writes a volume to a file.</summary>
    public static void Write(
        string path, IReadOnlyDictionary<string, byte[]> files, long size = SmallestVolume, FatType type = FatType.Fat32)
    {
        using FileStream volume = File.Create(path);
        Write(volume, files, size, type);
    }

    /// <summary>A number of whole MiB that makes a small volume of a type.</summary>
    public static long SmallSize(FatType type) => type switch
    {
        FatType.Fat12 => MiB,
        FatType.Fat16 => 3 * MiB,
        _ => SmallestVolume,
    };

    /// <summary>The bytes of a small volume.</summary>
    public static byte[] Bytes(IReadOnlyDictionary<string, byte[]> files, FatType type = FatType.Fat32)
    {
        using MemoryStream volume = new();
        Write(volume, files, SmallSize(type), type);
        return volume.ToArray();
    }

    /// <summary>Reads the entries of a volume, with all of the reader's checks.</summary>
    public static IReadOnlyList<FatEntry> Entries(string path)
    {
        using FileStream volume = File.OpenRead(path);
        return FatReader.Open(volume, 0, volume.Length).Entries;
    }

    /// <summary>Reads every file of a volume.</summary>
    public static SortedDictionary<string, byte[]> Files(string path)
    {
        using FileStream volume = File.OpenRead(path);
        FatReader reader = FatReader.Open(volume, 0, volume.Length);
        SortedDictionary<string, byte[]> files = new(StringComparer.Ordinal);
        foreach (FatEntry entry in reader.Entries.Where(entry => !entry.IsDirectory))
        {
            files.Add(entry.Path, reader.ReadFile(entry.Path));
        }

        return files;
    }

    /// <summary>Folders as mdir lists them, with a slash after, and files.</summary>
    public static string[] Paths(IReadOnlyList<FatEntry> entries) =>
    [
        .. entries.Select(entry => entry.IsDirectory ? entry.Path + "/" : entry.Path).Order(StringComparer.Ordinal),
    ];

    /// <summary>Files of which each holds its own path.</summary>
    public static SortedDictionary<string, byte[]> Named(params IEnumerable<string> paths)
    {
        SortedDictionary<string, byte[]> files = new(StringComparer.Ordinal);
        foreach (string path in paths)
        {
            files.Add(path, System.Text.Encoding.UTF8.GetBytes(path));
        }

        return files;
    }
}
