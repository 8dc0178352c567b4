using System;
using System.Collections.Generic;
using System.Linq;
using Ember.Sdk.Fat;
using Ember.Sdk.Gpt;

namespace Ember.Sdk.Images;

/// <summary>
/// Where everything in an image goes: 1 MiB for the partition table, one EFI system partition, 1 MiB for the backup of the table.
/// </summary>
public sealed class ImageLayout
{
    /// <summary>What the length of an image is a multiple of.</summary>
    public const long Granularity = GptTable.AlignmentSectors * (long)GptTable.SectorSize;

    /// <summary>Bytes before and after the partition.</summary>
    private const long Overhead = 2 * Granularity;

    private const long LargestSize = Overhead + uint.MaxValue / GptTable.AlignmentSectors * Granularity;

    private ImageLayout(long size, FatLayout volume)
    {
        Size = size;
        Volume = volume;
    }

    /// <summary>Length of the image in bytes.</summary>
    public long Size { get; }

    /// <summary>First sector of the EFI system partition.</summary>
    public static long FirstLba => GptTable.AlignmentSectors;

    /// <summary>Where the EFI system partition begins, in bytes.</summary>
    public static long VolumeOffset => Granularity;

    /// <summary>Last sector of the EFI system partition.</summary>
    public long LastLba => (Size - Granularity) / GptTable.SectorSize - 1;

    /// <summary>How the volume in the partition is laid out.</summary>
    public FatLayout Volume { get; }

    /// <summary>Lays an image out, before there has to be a byte of its files.</summary>
    /// <param name="name">What the image is called, for messages.</param>
    /// <param name="files">The files of the EFI system partition, in any order.</param>
    /// <param name="size">Length of the image in bytes, a multiple of <see cref="Granularity"/>; null for the smallest.</param>
    /// <exception cref="ImageException">The files do not fit, or a name or length is wrong.</exception>
    public static ImageLayout Plan(string name, IReadOnlyCollection<FatFile> files, long? size)
    {
        ArgumentNullException.ThrowIfNull(files);
        string image = $"image '{name}'";
        FatTree tree = FatTree.Build(files);
        long content = files.Sum(file => file.Length);
        return size is { } fixedSize ? OfSize(image, fixedSize, content, tree) : Smallest(image, content, tree);
    }

    private static ImageLayout OfSize(string image, long size, long content, FatTree tree)
    {
        if (size <= 0 || size % Granularity != 0)
        {
            throw new ImageException(ErrorKind.Input, image,
                $"its size of {size} bytes is not a number of whole MiB", "round it up");
        }

        if (size > LargestSize)
        {
            throw new ImageException(ErrorKind.Input, image,
                $"its size of {ToMiB(size)} MiB is more than FAT32 allows", $"make it {ToMiB(LargestSize)} MiB at most");
        }

        return TryCreate(size, tree) ?? throw new ImageException(ErrorKind.Input, image,
            $"its files do not fit into {ToMiB(size)} MiB", $"make it {ToMiB(Smallest(image, content, tree).Size)} MiB or more");
    }

    private static ImageLayout Smallest(string image, long content, FatTree tree)
    {
        // Nothing smaller can do; what the FATs, folders and half-filled clusters add is not much, so counting up is quick.
        long size = Overhead + Granularity + content / Granularity * Granularity;
        for (; size <= LargestSize; size += Granularity)
        {
            if (TryCreate(size, tree) is { } layout)
            {
                return layout;
            }
        }

        throw new ImageException(ErrorKind.Input, image,
            $"its files do not fit into the {ToMiB(LargestSize)} MiB that FAT32 allows", "leave some out");
    }

    private static ImageLayout? TryCreate(long size, FatTree tree) =>
        FatGeometry.ForVolume((size - Overhead) / FatGeometry.SectorSize) is { } geometry
        && FatLayout.TryCreate(tree, geometry) is { } volume
            ? new ImageLayout(size, volume)
            : null;

    private static long ToMiB(long bytes) => bytes / (1024 * 1024);
}
