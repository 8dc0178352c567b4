using System.Collections.Generic;
using Ember.Sdk.Fat;

namespace Ember.Sdk.Images;

/// <summary>A partition with a FAT volume.</summary>
public sealed record FatPartition : PartitionRequest
{
    /// <summary>The volume's label: 1 to 11 upper-case letters, digits and some signs.</summary>
    public required string Label { get; init; }

    /// <summary>The files, in any order.</summary>
    public required IReadOnlyList<ImageFile> Files { get; init; }

    /// <summary>The volume's type; null for what its length suggests.</summary>
    public FatType? FatType { get; init; }

    /// <summary>The least length in bytes, for a partition without a <see cref="PartitionRequest.Size"/>.</summary>
    public long MinimumSize { get; init; }
}
