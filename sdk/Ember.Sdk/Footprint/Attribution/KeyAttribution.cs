using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Ember.Sdk.Fat;
using Ember.Sdk.Gpt;

namespace Ember.Sdk.Footprint.Attribution;

/// <summary>
/// Divides an image of a key into rows that add up to its length: partition tables, what the file system takes for itself, files,
/// what is left of their last clusters, and room that is free.
/// </summary>
public sealed class KeyAttribution
{
    /// <summary>Where firmware looks for what it starts (UEFI specification, 3.5.1.1), hence the core.</summary>
    public const string CorePath = "EFI/BOOT/BOOTX64.EFI";

    private readonly string _path;
    private readonly FatReader _volume;
    private readonly GptTable _table;
    private readonly GptPartition _partition;

    private KeyAttribution(string path, GptTable table, GptPartition partition, FatReader volume)
    {
        _path = path;
        _table = table;
        _partition = partition;
        _volume = volume;
    }

    /// <summary>Reads an image; it is checked while it is read.</summary>
    /// <param name="path">What messages call it.</param>
    /// <param name="image">The image, in use for as long as this is.</param>
    /// <exception cref="EmberException">It is no image of a key (exit code 2), or damaged (1).</exception>
    public static KeyAttribution Read(string path, Stream image)
    {
        try
        {
            GptTable table = GptReader.Read(image);
            GptPartition partition = table.Partitions.FirstOrDefault(partition => partition.Type == GptPartitionType.EfiSystem)
                ?? throw new EmberException(ErrorKind.Input, $"{path}: no image of a key: it has no EFI system partition");
            FatReader volume = FatReader.Open(
                image, partition.FirstLba * GptTable.SectorSize, partition.SectorCount * GptTable.SectorSize);
            return new KeyAttribution(path, table, partition, volume);
        }
        catch (ImageException e)
        {
            throw new EmberException(e.Kind, $"{path}: neither a core nor an image of a key in order: {e.Message}", e);
        }
    }

    /// <summary>The core on the key.</summary>
    /// <exception cref="EmberException">There is none (exit code 2).</exception>
    public byte[] ReadCore() => _volume.Entries.Any(IsCore)
        ? _volume.ReadFile(CorePath)
        : throw new EmberException(ErrorKind.Input, $"{_path}: no core is on it: {CorePath} is not there");

    /// <summary>The tree of the image.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="core">The tree of the core, whose flash sizes are those of the file.</param>
    public FootprintNode Tree(string name, FootprintNode core)
    {
        long tables = (GptTable.FirstUsableLba + GptTable.EntrySectors + 1) * GptTable.SectorSize;
        long others = _table.Partitions.Where(other => other != _partition).Sum(other => other.SectorCount) * GptTable.SectorSize;
        long volume = _partition.SectorCount * GptTable.SectorSize;
        long image = _table.SectorCount * GptTable.SectorSize;
        FootprintNode[] rows =
        [
            Row("partition tables", PieceKind.FlashMetadata, tables),
            FootprintTree.Gather(_partition.Name, VolumeRows(volume, core)),
            Row("other partitions", PieceKind.FlashFile, others),
            Row("around partitions", PieceKind.FlashFree, image - tables - others - volume),
        ];
        return FootprintTree.Gather(name, rows.Where(row => row.Sizes != default));
    }

    private List<FootprintNode> VolumeRows(long volume, FootprintNode core)
    {
        FatGeometry geometry = _volume.Geometry;
        FatEntry[] files = [.. _volume.Entries.Where(entry => !entry.IsDirectory)];
        long clusters = geometry.ClusterCount * geometry.ClusterSize;
        long free = _volume.FreeClusters * geometry.ClusterSize;
        long inFiles = files.Sum(file => geometry.ClustersFor(file.Length)) * geometry.ClusterSize;
        List<FootprintNode> rows =
        [
            Row("boot sectors", PieceKind.FlashMetadata, geometry.ReservedSectors * (long)FatGeometry.SectorSize),
            Row("allocation tables", PieceKind.FlashMetadata, (long)FatGeometry.FatCount * geometry.SectorsPerFat * FatGeometry.SectorSize),
            Row("folders", PieceKind.FlashMetadata, (geometry.RootSectors * (long)FatGeometry.SectorSize) + clusters - free - inFiles),
            Row("ends of last clusters", PieceKind.FlashFree, inFiles - files.Sum(file => file.Length)),
            Row("free clusters", PieceKind.FlashFree, free),
            Row("behind the last cluster", PieceKind.FlashFree, volume - clusters - (geometry.DataSector * FatGeometry.SectorSize)),
        ];
        rows.AddRange(files.Select(file => IsCore(file) ? core with { Name = file.Path } : Row(file.Path, PieceKind.FlashFile, file.Length)));
        rows.RemoveAll(row => row.Sizes == default);
        return rows;
    }

    private static bool IsCore(FatEntry file) => string.Equals(file.Path, CorePath, StringComparison.OrdinalIgnoreCase);

    private static FootprintNode Row(string name, PieceKind kind, long bytes) =>
        FootprintTree.Leaf(name, kind, new Sizes(bytes, 0, 0, 0));
}
