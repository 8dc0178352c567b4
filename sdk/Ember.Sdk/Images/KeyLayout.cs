using System;
using System.Collections.Generic;
using Ember.Formats;
using Ember.Sdk.Fat;
using Ember.Sdk.Gpt;

namespace Ember.Sdk.Images;

/// <summary>
/// How a key is divided: EFI system partition, two banks of the same length, and the state of the banks. All lengths are bytes, and whole
/// MiB.
/// </summary>
public sealed record KeyLayout
{
    /// <summary>Volume label of both banks: what is written to one may be written to the other.</summary>
    public const string BankLabel = "EMBER BANK";

    /// <summary>Name of the first bank's partition.</summary>
    public const string BankAName = "BANK-A";

    /// <summary>Name of the second bank's partition.</summary>
    public const string BankBName = "BANK-B";

    /// <summary>Name of the state's partition.</summary>
    public const string StateName = "STATE";

    /// <summary>Name of the EFI system partition.</summary>
    public const string EspName = "EFI system partition";

    /// <summary>Length of the state's partition.</summary>
    public const long StateSize = ImageLayout.Granularity;

    private const long MiB = ImageLayout.Granularity;

    /// <summary>For USB keys: an EFI system partition of 64 MiB, banks as long as they need to be.</summary>
    public static KeyLayout Standard { get; } = new();

    // Modules are sold in MB of a million bytes as well as in MiB; each of these fits both.

    /// <summary>For a flash module of 16 MB: 15 MiB.</summary>
    public static KeyLayout Compact16 { get; } = new() { EspSize = 3 * MiB, EspType = FatType.Fat16, ImageSize = 15 * MiB };

    /// <summary>For a flash module of 32 MB: 30 MiB.</summary>
    public static KeyLayout Compact32 { get; } = new() { EspSize = 3 * MiB, EspType = FatType.Fat16, ImageSize = 30 * MiB };

    /// <summary>For a flash module of 64 MB: 61 MiB, with the smallest FAT32 there is.</summary>
    public static KeyLayout Compact64 { get; } = new() { EspSize = 33 * MiB, ImageSize = 61 * MiB };

    /// <summary>Length of the EFI system partition.</summary>
    public long EspSize { get; init; } = 64 * MiB;

    /// <summary>Type of its volume. FAT32 has at least 33 MiB.</summary>
    public FatType EspType { get; init; } = FatType.Fat32;

    /// <summary>
    /// Length of each bank; null for what <see cref="ImageSize"/> leaves, or without that for the smallest with a quarter more, a MiB at
    /// least, so that an update finds room.
    /// </summary>
    public long? BankSize { get; init; }

    /// <summary>The most that the image may be long; null for as long as it gets.</summary>
    public long? ImageSize { get; init; }

    /// <summary>See <see cref="ImageRequest.Alignment"/>.</summary>
    public long Alignment { get; init; } = ImageLayout.Granularity;

    /// <summary>What its user should be told; null for nothing.</summary>
    public string? Warning => EspType == FatType.Fat32
        ? null
        : $"the EFI system partition is FAT{(int)EspType}, which some firmware does not start from; "
            + "try it on every model it is for, or take a layout with FAT32";

    /// <summary>The image that has this layout and the given content.</summary>
    /// <exception cref="ImageException">The content does not fit, or something in it is wrong.</exception>
    public ImageRequest Request(KeyContent content)
    {
        ArgumentNullException.ThrowIfNull(content);
        ImageLayout.CheckAlignment(content.Name, Alignment);
        FatPartition bankA = Bank(BankAName, content.BankA);
        FatPartition bankB = Bank(BankBName, content.BankB);
        long bankSize = BankSize ?? (ImageSize is { } size
            ? LeftForBank(content.Name, size)
            : WithHeadRoom(Math.Max(
                ImageLayout.SmallestSize(content.Name, bankA), ImageLayout.SmallestSize(content.Name, bankB))));
        ImageRequest request = new()
        {
            Name = content.Name,
            Alignment = Alignment,
            SourceDateEpoch = content.SourceDateEpoch,
            Partitions =
            [
                new FatPartition
                {
                    Name = EspName,
                    Type = GptPartitionType.EfiSystem,
                    Label = content.Label,
                    FatType = EspType,
                    Size = EspSize,
                    Files = [ImageFile.FromBytes(FlashLayout.LoaderPath, content.Loader)],
                },
                bankA with { Size = bankSize },
                bankB with { Size = bankSize },
                new RawPartition
                {
                    Name = StateName,
                    Type = GptPartitionType.EmberState,
                    Size = StateSize,
                    Bytes = content.State,
                },
            ],
        };
        long length = ImageLayout.Plan(request).Size;
        return length <= (ImageSize ?? length) ? request : throw new ImageException(ErrorKind.Input, $"image '{content.Name}'",
            $"its partitions take {ImageLayout.ToMiB(length)} MiB, and it may have {ImageLayout.ToMiB(ImageSize!.Value)}",
            "make the banks or the EFI system partition smaller");
    }

    /// <summary>A bank's partition.</summary>
    internal static FatPartition Bank(string name, IReadOnlyList<ImageFile> files) =>
        new() { Name = name, Type = GptPartitionType.BasicData, Label = BankLabel, Files = files };

    private static long WithHeadRoom(long smallest) => smallest + ImageLayout.RoundUp(smallest / 4, MiB);

    private long LeftForBank(string name, long imageSize)
    {
        long firstBank = ImageLayout.RoundUp(Alignment + EspSize, Alignment);
        long bank = (imageSize - firstBank - StateSize - MiB) / 2 / Alignment * Alignment;
        return bank > 0 ? bank : throw new ImageException(ErrorKind.Input, $"image '{name}'",
            $"{ImageLayout.ToMiB(imageSize)} MiB leave no room for two banks behind "
                + $"an EFI system partition of {ImageLayout.ToMiB(EspSize)} MiB",
            "make the image longer or the EFI system partition smaller");
    }
}
