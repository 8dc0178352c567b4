using System;
using System.Linq;
using Ember.Sdk.Fat;

namespace Ember.Sdk.Images;

/// <summary>How long a partition is, and how its volume is laid out.</summary>
/// <param name="Where">What messages call the partition.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Volume">Its volume; null when it has none.</param>
internal sealed record PartitionSize(string Where, long Bytes, FatLayout? Volume)
{
    /// <summary>Finds the length of a partition, which is the one that is asked for or the smallest.</summary>
    /// <exception cref="ImageException">The content does not fit, or the length or label is wrong.</exception>
    public static PartitionSize Of(string image, PartitionRequest partition)
    {
        string where = $"partition '{partition.Name}' of {image}";
        if (partition.Size is { } size && (size <= 0 || size % ImageLayout.Granularity != 0))
        {
            throw new ImageException(ErrorKind.Input, where, $"its size of {size} bytes is not a number of whole MiB", "round it up");
        }

        return partition switch
        {
            RawPartition raw => OfRaw(where, raw),
            FatPartition fat => OfFat(where, fat),
            _ => throw new ArgumentException("An unknown kind of partition.", nameof(partition)),
        };
    }

    private static PartitionSize OfRaw(string where, RawPartition partition)
    {
        long smallest = ImageLayout.RoundUp(Math.Max(partition.Bytes.Length, 1), ImageLayout.Granularity);
        return partition.Size is { } size && size < smallest
            ? throw TooSmall(where, "content does", size, smallest)
            : new PartitionSize(where, partition.Size ?? smallest, null);
    }

    private static PartitionSize OfFat(string where, FatPartition partition)
    {
        FatLabel.Check(partition.Label);
        FatTree tree = FatTree.Build(partition.Files.Select(file => new FatFile(file.Path, file.Length)));
        long largest = FatGeometry.LargestSectorCount(partition.FatType) * FatGeometry.SectorSize
            / ImageLayout.Granularity * ImageLayout.Granularity;
        if (partition.Size is not { } size)
        {
            return Smallest(partition.MinimumSize)
                ?? throw new ImageException(ErrorKind.Input, where,
                    $"its files do not fit into the {ImageLayout.ToMiB(largest)} MiB that {Name(partition.FatType)} allows",
                    "leave some out");
        }

        if (TryCreate(size) is { } exact)
        {
            return exact;
        }

        if (Smallest(size) is { } enough)
        {
            throw TooSmall(where, "files do", size, enough.Bytes);
        }

        throw new ImageException(ErrorKind.Input, where,
            $"its files do not fit into {ImageLayout.ToMiB(size)} MiB of {Name(partition.FatType)}",
            $"make it {ImageLayout.ToMiB(largest)} MiB at most, or choose another type of FAT");

        PartitionSize? Smallest(long minimum)
        {
            // Nothing smaller can do; what the FATs, folders and half-filled clusters add is not much, so counting up is quick.
            long least = Math.Max(minimum, partition.Files.Sum(file => file.Length));
            for (long bytes = ImageLayout.RoundUp(Math.Max(least, 1), ImageLayout.Granularity);
                bytes <= largest;
                bytes += ImageLayout.Granularity)
            {
                if (TryCreate(bytes) is { } found)
                {
                    return found;
                }
            }

            return null;
        }

        PartitionSize? TryCreate(long bytes) =>
            FatGeometry.ForVolume(bytes / FatGeometry.SectorSize, partition.FatType) is { } geometry
            && FatLayout.TryCreate(tree, geometry) is { } volume
                ? new PartitionSize(where, bytes, volume)
                : null;
    }

    private static ImageException TooSmall(string where, string content, long size, long enough) => new(ErrorKind.Input, where,
        $"its {content} not fit into {ImageLayout.ToMiB(size)} MiB", $"make it {ImageLayout.ToMiB(enough)} MiB or more");

    private static string Name(FatType? type) => $"FAT{(int)(type ?? FatType.Fat32)}";
}
