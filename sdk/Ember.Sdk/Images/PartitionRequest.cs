using System;

namespace Ember.Sdk.Images;

/// <summary>What a partition of an image is to be.</summary>
public abstract record PartitionRequest
{
    private protected PartitionRequest()
    {
    }

    /// <summary>Its name in the partition table, 1 to 36 UTF-16 units; no two partitions of an image have the same.</summary>
    public required string Name { get; init; }

    /// <summary>Its type, for example <see cref="Gpt.GptPartitionType.EfiSystem"/>.</summary>
    public required Guid Type { get; init; }

    /// <summary>Its length in bytes, whole MiB; null for the smallest that holds its content.</summary>
    public long? Size { get; init; }
}
