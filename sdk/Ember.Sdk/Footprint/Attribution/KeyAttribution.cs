using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Ember.Sdk.Banks;
using Ember.Sdk.Fat;
using Ember.Sdk.Gpt;
using Ember.Sdk.Pe;

namespace Ember.Sdk.Footprint.Attribution;

/// <summary>
/// Divides an image of a key into rows that add up to its length: partition tables, what the file system takes for itself, files,
/// what is left of their last clusters, and room that is free.
/// </summary>
public sealed class KeyAttribution
{
    /// <summary>The core's name, in the root of a bank.</summary>
    public static string CorePath => BankNames.Core;

    private readonly string _path;
    private readonly GptTable _table;
    private readonly (GptPartition Partition, FatReader Volume)[] _volumes;

    private KeyAttribution(string path, GptTable table, (GptPartition Partition, FatReader Volume)[] volumes)
    {
        _path = path;
        _table = table;
        _volumes = volumes;
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
            (GptPartition, FatReader)[] volumes =
            [
                .. table.Partitions
                    .Where(partition => partition.Type == GptPartitionType.EfiSystem || partition.Type == GptPartitionType.BasicData)
                    .Select(partition => (partition, FatReader.Open(
                        image, partition.FirstLba * GptTable.SectorSize, partition.SectorCount * GptTable.SectorSize))),
            ];
            return new KeyAttribution(path, table, volumes);
        }
        catch (ImageException e)
        {
            throw new EmberException(e.Kind, $"{path}: neither a core nor an image of a key in order: {e.Message}", e);
        }
    }

    /// <summary>The core on the key, as it was before it was signed.</summary>
    /// <exception cref="EmberException">There is none, or it is none (exit code 2).</exception>
    public PeImage ReadCore()
    {
        FatReader volume = CoreVolume ?? throw new EmberException(ErrorKind.Input, $"{_path}: no core is on it: no bank has {CorePath}");
        return Authenticode.Strip(PeImage.Parse($"{_path}:{CorePath}", volume.ReadFile(CorePath)));
    }

    /// <summary>The tree of the image.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="core">The tree of the core, whose flash sizes are those of the file.</param>
    public FootprintNode Tree(string name, FootprintNode core)
    {
        long tables = (GptTable.FirstUsableLba + GptTable.EntrySectors + 1) * GptTable.SectorSize;
        long partitions = _table.Partitions.Sum(partition => partition.SectorCount) * GptTable.SectorSize;
        long image = _table.SectorCount * GptTable.SectorSize;
        FootprintNode[] rows =
        [
            Row("partition tables", PieceKind.FlashMetadata, tables),
            .. _volumes.Select(each => FootprintTree.Gather(
                each.Partition.Name,
                VolumeRows(each.Volume, each.Partition.SectorCount * GptTable.SectorSize, each.Volume == CoreVolume ? core : null))),
            .. _table.Partitions
                .Where(partition => _volumes.All(each => each.Partition != partition))
                .Select(partition => Row(partition.Name, PieceKind.FlashFile, partition.SectorCount * GptTable.SectorSize)),
            Row("around partitions", PieceKind.FlashFree, image - tables - partitions),
        ];
        return FootprintTree.Gather(name, rows.Where(row => row.Sizes != default));
    }

    private FatReader? CoreVolume => _volumes.Select(each => each.Volume).FirstOrDefault(volume => volume.Entries.Any(IsCore));

    private static List<FootprintNode> VolumeRows(FatReader volume, long length, FootprintNode? core)
    {
        FatGeometry geometry = volume.Geometry;
        FatEntry[] files = [.. volume.Entries.Where(entry => !entry.IsDirectory)];
        long clusters = geometry.ClusterCount * geometry.ClusterSize;
        long free = volume.FreeClusters * geometry.ClusterSize;
        long inFiles = files.Sum(file => geometry.ClustersFor(file.Length)) * geometry.ClusterSize;
        List<FootprintNode> rows =
        [
            Row("boot sectors", PieceKind.FlashMetadata, geometry.ReservedSectors * (long)FatGeometry.SectorSize),
            Row("allocation tables", PieceKind.FlashMetadata, (long)FatGeometry.FatCount * geometry.SectorsPerFat * FatGeometry.SectorSize),
            Row("folders", PieceKind.FlashMetadata, (geometry.RootSectors * (long)FatGeometry.SectorSize) + clusters - free - inFiles),
            Row("ends of last clusters", PieceKind.FlashFree, inFiles - files.Sum(file => file.Length)),
            Row("free clusters", PieceKind.FlashFree, free),
            Row("behind the last cluster", PieceKind.FlashFree, length - clusters - (geometry.DataSector * FatGeometry.SectorSize)),
        ];
        foreach (FatEntry file in files)
        {
            if (core is not null && IsCore(file))
            {
                rows.Add(core with { Name = file.Path });
                rows.Add(Row($"signature of {file.Path}", PieceKind.FlashMetadata, file.Length - core.Sizes.Flash));
            }
            else
            {
                rows.Add(Row(file.Path, PieceKind.FlashFile, file.Length));
            }
        }

        rows.RemoveAll(row => row.Sizes == default);
        return rows;
    }

    private static bool IsCore(FatEntry file) => string.Equals(file.Path, CorePath, StringComparison.OrdinalIgnoreCase);

    private static FootprintNode Row(string name, PieceKind kind, long bytes) =>
        FootprintTree.Leaf(name, kind, new Sizes(bytes, 0, 0, 0));
}
