using System;

namespace Ember.Sdk.Images;

/// <summary>A partition without a file system.</summary>
public sealed record RawPartition : PartitionRequest
{
    /// <summary>What it begins with; the rest is zero. The bytes must not change until the image is written.</summary>
    public ReadOnlyMemory<byte> Bytes { get; init; }
}
