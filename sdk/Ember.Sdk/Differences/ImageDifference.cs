using System.Collections.Generic;

namespace Ember.Sdk.Differences;

/// <summary>What differs between two images.</summary>
/// <param name="DifferentBytes">
/// How many bytes of the images differ; null where they are of different lengths, or their partitions lie elsewhere.
/// </param>
/// <param name="Values">Why: what they tell of themselves, and tell differently.</param>
/// <param name="Files">Which files, in the order of their partitions and names.</param>
/// <param name="Areas">What differs outside of files; empty where <paramref name="DifferentBytes"/> is null.</param>
public sealed record ImageDifference(
    long? DifferentBytes,
    IReadOnlyList<ValueDifference> Values,
    IReadOnlyList<FileDifference> Files,
    IReadOnlyList<AreaDifference> Areas)
{
    /// <summary>Whether the images are the same to the bit.</summary>
    public bool IsNone => DifferentBytes == 0;
}
