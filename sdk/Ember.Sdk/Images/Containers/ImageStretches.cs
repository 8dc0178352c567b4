using System.Collections.Generic;
using System.IO;
using System.Linq;
using Ember.Sdk.Fat;
using Ember.Sdk.Gpt;

namespace Ember.Sdk.Images.Containers;

/// <summary>
/// Which parts of an image mean something and must reach a medium, zeros among them: a hole in an allocation table says that clusters are
/// free, and what an old key has there would say otherwise. The rest is free clusters and room around partitions.
/// </summary>
internal static class ImageStretches
{
    /// <summary>The numbers of the blocks that have to be written, as first and last ones of stretches, in ascending order.</summary>
    /// <exception cref="ImageException">The image is not in order.</exception>
    public static IReadOnlyList<(long First, long Last)> Blocks(Stream image, int blockSize)
    {
        GptTable table = GptReader.Read(image);
        long tail = (GptTable.EntrySectors + 1) * GptTable.SectorSize;
        IEnumerable<(long Offset, long Length)> stretches =
        [
            (0, GptTable.FirstUsableLba * GptTable.SectorSize),
            .. table.Partitions.OrderBy(partition => partition.FirstLba).SelectMany(partition => OfPartition(image, partition)),
            (image.Length - tail, tail),
        ];
        List<(long First, long Last)> blocks = [];
        foreach ((long offset, long length) in stretches)
        {
            long first = offset / blockSize;
            long last = (offset + length - 1) / blockSize;
            if (blocks.Count != 0 && first <= blocks[^1].Last + 1)
            {
                blocks[^1] = (blocks[^1].First, last);
            }
            else
            {
                blocks.Add((first, last));
            }
        }

        return blocks;
    }

    private static IEnumerable<(long Offset, long Length)> OfPartition(Stream image, GptPartition partition)
    {
        long offset = partition.FirstLba * GptTable.SectorSize;
        long length = partition.SectorCount * GptTable.SectorSize;
        return partition.Type == GptPartitionType.EfiSystem || partition.Type == GptPartitionType.BasicData
            ? FatReader.Open(image, offset, length).UsedStretches.Select(used => (offset + used.Offset, used.Length))
            : [(offset, length)];
    }
}
