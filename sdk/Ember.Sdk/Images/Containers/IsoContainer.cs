using System;
using System.Linq;
using System.Threading;
using Ember.Sdk.Gpt;
using Ember.Sdk.Output;

namespace Ember.Sdk.Images.Containers;

/// <summary>
/// A disc that is the image as well: ISO 9660 leaves its first 32 KiB, where the partition table is, to others, and all it needs lies
/// between the table and the first partition. On a disc the volumes are entries of the El Torito boot catalog, in the table's order; the
/// state of the banks is none, since nothing can be written to it.
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

    /// <summary>The sectors of the disc that volumes begin in. Partitions are aligned to whole MiB, and so to sectors.</summary>
    private static uint[] BootSectors(SparseImage image)
    {
        GptTable table = GptReader.Read(image.Stream);
        GptPartition[] volumes = [.. table.Partitions.TakeWhile(partition => partition.Type != GptPartitionType.EmberState)];
        return volumes.Length is > 0 and <= IsoDescriptors.MostEntries && volumes[0].Type == GptPartitionType.EfiSystem
            ? [.. volumes.Select(volume => (uint)(volume.FirstLba * GptTable.SectorSize / IsoDescriptors.SectorSize))]
            : throw new ImageException(ErrorKind.Input, image.Path,
                "its first partition is not what a firmware starts from", "name the image of a key");
    }
}
