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

    /// <summary>The files of the EFI system partition, in any order.</summary>
    public required IReadOnlyList<ImageFile> Files { get; init; }

    /// <summary>Length of the image in bytes, a multiple of 1 MiB; null for the smallest that holds the files.</summary>
    public long? Size { get; init; }

    /// <summary>Volume label of the EFI system partition: 1 to 11 upper-case letters, digits and some signs.</summary>
    public string VolumeLabel { get; init; } = "EMBER";

    /// <summary>
    /// SOURCE_DATE_EPOCH, seconds since 1970: the time of every file and folder. FAT begins in 1980, which is what an earlier
    /// one becomes.
    /// </summary>
    public long SourceDateEpoch { get; init; }
}
