using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Ember.Sdk.Fat;

/// <summary>
/// Reads a FAT12, FAT16 or FAT32 volume and takes nothing on trust: both FATs must be the same, every cluster belong to one chain, every
/// chain be as long as its file says, FSInfo count right, and the backup boot sector equal the first.
/// </summary>
public sealed class FatReader
{
    private const int LongestRead = 64 * 1024;

    private readonly Stream _image;
    private readonly long _offset;
    private readonly Dictionary<string, (FatEntry Entry, List<uint> Chain)> _files = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<FatEntry> _entries = [];
    private readonly List<(uint First, uint Count)> _usedRuns = [];

    private FatReader(Stream image, long offset, FatBootSector boot)
    {
        _image = image;
        _offset = offset;
        Geometry = boot.Geometry;
        VolumeId = boot.VolumeId;
        Label = boot.Label;
    }

    /// <summary>How the volume divides its sectors.</summary>
    public FatGeometry Geometry { get; }

    /// <summary>The volume's serial number.</summary>
    public uint VolumeId { get; }

    /// <summary>The volume's label.</summary>
    public string Label { get; }

    /// <summary>Clusters that nothing uses.</summary>
    public uint FreeClusters { get; private set; }

    /// <summary>Every folder and file, a folder before what is in it.</summary>
    public IReadOnlyList<FatEntry> Entries => _entries;

    /// <summary>Opens a volume and checks all of it but the bytes of its files.</summary>
    /// <param name="image">Readable and seekable, in use for as long as the reader is.</param>
    /// <param name="offset">Where the volume begins, in bytes: a whole number of sectors.</param>
    /// <param name="length">How long the partition is, in bytes.</param>
    /// <exception cref="ImageException">Something is not as it must be (<see cref="ErrorKind.Checked"/>).</exception>
    public static FatReader Open(Stream image, long offset, long length)
    {
        ArgumentNullException.ThrowIfNull(image);
        Require(length >= FatGeometry.SectorSize && offset >= 0 && offset <= image.Length - length,
            "boot sector", "the image ends before it");
        FatBootSector boot = FatBootSector.Decode(ReadBytes(image, offset, FatGeometry.SectorSize));
        Require(boot.Geometry.SectorCount <= length / FatGeometry.SectorSize, "boot sector",
            $"the volume has {boot.Geometry.SectorCount} sectors, more than its partition");
        Require(boot.HiddenSectors == offset / FatGeometry.SectorSize, "boot sector",
            $"it says that {boot.HiddenSectors} sectors are before it, and there are {offset / FatGeometry.SectorSize}");
        FatReader reader = new(image, offset, boot);
        reader.Check();
        return reader;
    }

    /// <summary>
    /// The stretches of the volume that mean something, in ascending order and bytes from its start: all before the clusters, and the
    /// clusters in use.
    /// </summary>
    public IEnumerable<(long Offset, long Length)> UsedStretches =>
    [
        (0, Geometry.DataSector * FatGeometry.SectorSize),
        .. _usedRuns.Select(run => (Geometry.ClusterOffset(run.First), run.Count * (long)Geometry.ClusterSize)),
    ];

    /// <summary>The bytes of a file.</summary>
    /// <param name="path">Its folders and name, separated by <c>/</c>, in any case.</param>
    /// <exception cref="ImageException">There is no such file.</exception>
    public byte[] ReadFile(string path)
    {
        using MemoryStream content = new();
        CopyFile(path, content);
        return content.ToArray();
    }

    /// <summary>Copies the bytes of a file.</summary>
    /// <param name="path">Its folders and name, separated by <c>/</c>, in any case.</param>
    /// <param name="destination">Where they go.</param>
    /// <exception cref="ImageException">There is no such file.</exception>
    public void CopyFile(string path, Stream destination)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(destination);
        if (!_files.TryGetValue(path, out (FatEntry Entry, List<uint> Chain) file))
        {
            throw new ImageException(ErrorKind.Input, $"'{path}'", "there is no such file on the volume", "list its files");
        }

        long left = file.Entry.Length;
        foreach ((uint first, int count) in Runs(file.Chain))
        {
            byte[] bytes = ReadClusters(first, count);
            destination.Write(bytes.AsSpan(0, (int)Math.Min(left, bytes.Length)));
            left -= bytes.Length;
        }
    }

    /// <summary>Where the bytes of a file lie, in order: offsets in the image, and lengths that add up to the file's.</summary>
    /// <param name="path">Its folders and name, separated by <c>/</c>, in any case.</param>
    internal IReadOnlyList<(long Offset, long Length)> FileStretches(string path)
    {
        (FatEntry entry, List<uint> chain) = _files[path];
        long left = entry.Length;
        List<(long, long)> stretches = [];
        foreach ((uint first, int count) in Runs(chain))
        {
            long length = Math.Min(left, (long)count * Geometry.ClusterSize);
            stretches.Add((_offset + Geometry.ClusterOffset(first), length));
            left -= length;
        }

        return stretches;
    }

    internal static void Require(bool holds, string where, string what)
    {
        if (!holds)
        {
            throw new ImageException(ErrorKind.Checked, where, what, "write the image anew");
        }
    }

    private void Check()
    {
        byte[] table = ReadSectors(Geometry.FatSector(0), Geometry.SectorsPerFat);
        byte[] copy = ReadSectors(Geometry.FatSector(1), Geometry.SectorsPerFat);
        Require(table.AsSpan().SequenceEqual(copy), "FAT", "its two copies differ");
        FatChains chains = new(table, Geometry);
        ReadDirectory(chains, "", Geometry.RootEntryCount == 0 ? FatGeometry.FirstCluster : 0, parent: null);
        chains.RequireAllClaimed();
        FreeClusters = chains.FreeCount;
        _usedRuns.AddRange(chains.UsedRuns());
        if (Geometry.Type == FatType.Fat32)
        {
            CheckReserved(chains);
        }
    }

    /// <summary>What FAT32 alone has: FSInfo, and a backup of it and of the boot sector.</summary>
    private void CheckReserved(FatChains chains)
    {
        byte[] reserved = ReadSectors(0, FatBootSector.UsedSectors(FatType.Fat32));
        Require(Sector(0).SequenceEqual(Sector(FatBootSector.BackupSector)), "backup boot sector", "it differs from the first");
        FatInfoSector info = FatInfoSector.Decode(Sector(FatBootSector.FsInfoSector));
        FatInfoSector.Decode(Sector(FatBootSector.BackupSector + FatBootSector.FsInfoSector));
        Require(info.FreeClusters == chains.FreeCount, "FSInfo",
            $"it counts {info.FreeClusters} free clusters, and there are {chains.FreeCount}");
        Require(info.NextFreeCluster == FatInfoSector.Unknown || chains.Exists(info.NextFreeCluster), "FSInfo",
            $"it leads to cluster {info.NextFreeCluster}, which is none");

        ReadOnlySpan<byte> Sector(int number) => reserved.AsSpan(number * FatGeometry.SectorSize, FatGeometry.SectorSize);
    }

    private void ReadDirectory(FatChains chains, string path, uint firstCluster, uint? parent)
    {
        Require(path.Length <= FatTree.LongestPath, $"'{path}/'", "its path is too long");
        FatDirectoryParser parser = new(path);
        IReadOnlyList<FatEntry> entries = parser.Parse(ReadDirectoryBytes(chains, path, firstCluster));
        if (parent is { } above)
        {
            Require(parser.Self == firstCluster, $"'{path}/'", "'.' does not lead to the folder itself");
            Require(parser.Parent == above, $"'{path}/'", "'..' does not lead to the folder above");
        }
        else
        {
            Require(parser.Label == Label, "root folder", $"its label '{parser.Label}' is not the boot sector's '{Label}'");
        }

        foreach (FatEntry entry in entries)
        {
            _entries.Add(entry);
            if (entry.IsDirectory)
            {
                // The root goes by cluster 0 here.
                ReadDirectory(chains, entry.Path, entry.FirstCluster, parent is null ? 0 : firstCluster);
            }
            else
            {
                List<uint> fileChain = entry.Length == 0 ? [] : chains.Claim(entry.FirstCluster, $"'{entry.Path}'");
                Require(fileChain.Count == Geometry.ClustersFor(entry.Length), $"'{entry.Path}'",
                    $"{fileChain.Count} clusters are not what its {entry.Length} bytes need");
                _files.Add(entry.Path, (entry, fileChain));
            }
        }
    }

    private byte[] ReadDirectoryBytes(FatChains chains, string path, uint firstCluster)
    {
        if (path.Length == 0 && Geometry.RootEntryCount != 0)
        {
            return ReadSectors(Geometry.RootSector, Geometry.RootSectors);
        }

        List<uint> chain = chains.Claim(firstCluster, path.Length == 0 ? "root folder" : $"'{path}'");
        return [.. Runs(chain).SelectMany(run => ReadClusters(run.First, run.Count))];
    }

    /// <summary>The stretches of a chain whose clusters follow one another, cut to a length that is read at once.</summary>
    private IEnumerable<(uint First, int Count)> Runs(List<uint> chain)
    {
        int longest = Math.Max(1, LongestRead / Geometry.ClusterSize);
        for (int start = 0, count; start < chain.Count; start += count)
        {
            count = 1;
            while (count < longest && start + count < chain.Count && chain[start + count] == chain[start] + count)
            {
                count++;
            }

            yield return (chain[start], count);
        }
    }

    private byte[] ReadClusters(uint first, int count) =>
        ReadBytes(_image, _offset + Geometry.ClusterOffset(first), count * Geometry.ClusterSize);

    private byte[] ReadSectors(long sector, int count) =>
        ReadBytes(_image, _offset + sector * FatGeometry.SectorSize, count * FatGeometry.SectorSize);

    private static byte[] ReadBytes(Stream image, long offset, int count)
    {
        byte[] bytes = new byte[count];
        image.Position = offset;
        image.ReadExactly(bytes);
        return bytes;
    }
}
