using System;
using System.Collections.Generic;
using System.Threading;
using Ember.Sdk.Gpt;
using Ember.Sdk.Output;

namespace Ember.Sdk.Images.Containers;

/// <summary>
/// A disc that is the image as well: ISO 9660 leaves its first 32 KiB, where the partition table is, to others, and all it needs lies
/// between the table and the first partition. On a disc the partitions are entries of the El Torito boot catalog, in the table's order.
/// </summary>
public sealed class IsoContainer : IImageContainer
{
    private const int BlockSize = 1024 * 1024;

    /// <inheritdoc/>
    public string Suffix => ".iso";

    /// <inheritdoc/>
    public void Write(
        SparseImage image, string outputPath, IProgress<long>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        byte[] descriptors = IsoDescriptors.Write(image.Length, BootSectors(image));
        using AtomicFile output = AtomicFile.Create(outputPath);
        byte[] block = new byte[BlockSize];
        foreach (long number in image.DataBlocks(block))
        {
            cancellationToken.ThrowIfCancellationRequested();
            long offset = number * BlockSize;
            output.WriteAt(offset, block.AsSpan(0, (int)Math.Min(BlockSize, image.Length - offset)));
            progress?.Report(Math.Min(offset + BlockSize, image.Length));
        }

        output.WriteAt(IsoDescriptors.Offset, descriptors);
        progress?.Report(image.Length);
        output.Commit();
    }

    /// <summary>The sectors of the disc that partitions begin in.</summary>
    private static List<uint> BootSectors(SparseImage image)
    {
        GptTable table = GptReader.Read(image.Stream);
        if (table.Partitions.Count is 0 or > IsoDescriptors.MostEntries || table.Partitions[0].Type != GptPartitionType.EfiSystem)
        {
            throw new ImageException(ErrorKind.Input, image.Path,
                "its first partition is not what a firmware starts from", "name the image of a key");
        }

        List<uint> sectors = [];
        foreach (GptPartition partition in table.Partitions)
        {
            long offset = partition.FirstLba * GptTable.SectorSize;
            if (offset < IsoDescriptors.End || offset % IsoDescriptors.SectorSize != 0 || offset / IsoDescriptors.SectorSize > uint.MaxValue
                || image.Length % IsoDescriptors.SectorSize != 0)
            {
                throw new ImageException(ErrorKind.Input, image.Path,
                    $"'{partition.Name}' begins where a partition of a disc cannot",
                    $"align partitions to {BlockSize / 1024} KiB");
            }

            sectors.Add((uint)(offset / IsoDescriptors.SectorSize));
        }

        return sectors;
    }
}
