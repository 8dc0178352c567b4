using System.Collections.Generic;

namespace Ember.Sdk.Images;

/// <summary>
/// What an image is to be. Everything in the image follows from this, so the same request gives the same bytes.
/// </summary>
public sealed record ImageRequest
{
    /// <summary>
    /// What the image is called, for example the appliance's name. Images of the same files and different names have different
    /// identifiers.
    /// </summary>
    public required string Name { get; init; }

    /// <summary>The partitions, in the order in which they lie on the disk and are numbered.</summary>
    public required IReadOnlyList<PartitionRequest> Partitions { get; init; }

    /// <summary>
    /// What every partition's start is a multiple of, in bytes: a power of two, 1 MiB to 64 MiB; the flash's erase block if that is larger
    /// than a MiB.
    /// </summary>
    public long Alignment { get; init; } = ImageLayout.Granularity;

    /// <summary>
    /// SOURCE_DATE_EPOCH, seconds since 1970: the time of every file and folder. FAT begins in 1980, which is what an earlier
    /// one becomes.
    /// </summary>
    public long SourceDateEpoch { get; init; }
}
