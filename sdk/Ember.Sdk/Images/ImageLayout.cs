using System;
using System.Collections.Generic;
using Ember.Sdk.Gpt;

namespace Ember.Sdk.Images;

/// <summary>
/// Where everything in an image goes: the partition table, the partitions in order, each from a multiple of the alignment on, and in the
/// MiB after the last the backup of the table.
/// </summary>
public sealed class ImageLayout
{
    /// <summary>What the length of a partition and of an image is a multiple of, in bytes.</summary>
    public const long Granularity = GptTable.AlignmentSectors * (long)GptTable.SectorSize;

    /// <summary>The largest alignment, in bytes.</summary>
    public const long LargestAlignment = 64 * Granularity;

    /// <summary>The length of the largest image, in bytes: FAT counts sectors in 32 bits.</summary>
    public const long LargestSize = uint.MaxValue / GptTable.AlignmentSectors * Granularity;

    private ImageLayout(long size, IReadOnlyList<ImagePartition> partitions)
    {
        Size = size;
        Partitions = partitions;
    }

    /// <summary>Length of the image in bytes.</summary>
    public long Size { get; }

    /// <summary>The partitions in order.</summary>
    public IReadOnlyList<ImagePartition> Partitions { get; }

    /// <summary>Lays an image out, before there has to be a byte of its files.</summary>
    /// <exception cref="ImageException">Something does not fit, or a name, length or alignment is wrong.</exception>
    public static ImageLayout Plan(ImageRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        string image = $"image '{request.Name}'";
        CheckAlignment(request.Name, request.Alignment);
        HashSet<string> names = new(StringComparer.Ordinal);
        List<ImagePartition> partitions = [];
        long end = Granularity;
        foreach (PartitionRequest partition in request.Partitions)
        {
            if (partition.Name.Length is 0 or > GptTable.MaximumNameLength)
            {
                throw new ImageException(ErrorKind.Input, $"partition '{partition.Name}' of {image}",
                    $"its name is not 1 to {GptTable.MaximumNameLength} characters long", "choose another");
            }

            PartitionSize size = PartitionSize.Of(image, partition);
            if (!names.Add(partition.Name))
            {
                throw new ImageException(ErrorKind.Input, size.Where, "there is another of that name", "rename one");
            }

            long offset = RoundUp(end, request.Alignment);
            end = offset + size.Bytes;
            if (end + Granularity > LargestSize)
            {
                throw new ImageException(ErrorKind.Input, size.Where,
                    $"it ends {ToMiB(end)} MiB after the start of the image, and {ToMiB(LargestSize)} MiB is the most of an image",
                    "make partitions smaller");
            }

            partitions.Add(new ImagePartition(partition, offset, size.Bytes, size.Volume));
        }

        return new ImageLayout(end + Granularity, partitions);
    }

    /// <summary>The length of the smallest partition for a request, whatever <see cref="PartitionRequest.Size"/> it has.</summary>
    /// <param name="name">What the image is called, for messages.</param>
    /// <param name="partition">The request.</param>
    /// <exception cref="ImageException">No partition holds it.</exception>
    public static long SmallestSize(string name, PartitionRequest partition)
    {
        ArgumentNullException.ThrowIfNull(partition);
        return PartitionSize.Of($"image '{name}'", partition with { Size = null }).Bytes;
    }

    /// <summary>Checks what partitions are to start on multiples of.</summary>
    /// <exception cref="ImageException">It is no erase block that a flash has.</exception>
    internal static void CheckAlignment(string name, long alignment)
    {
        if (!long.IsPow2(alignment) || alignment is < Granularity or > LargestAlignment)
        {
            throw new ImageException(ErrorKind.Input, $"image '{name}'",
                $"an alignment of {alignment} bytes is no power of two from 1 MiB to {ToMiB(LargestAlignment)} MiB",
                "give the erase block of the flash, or 1 MiB where that is smaller");
        }
    }

    /// <summary>The next multiple of <paramref name="alignment"/>.</summary>
    internal static long RoundUp(long bytes, long alignment) => (bytes + alignment - 1) / alignment * alignment;

    internal static long ToMiB(long bytes) => bytes / (1024 * 1024);
}
