namespace Ember.Sdk.Differences;

/// <summary>Bytes that differ.</summary>
/// <param name="Start">The first of them, counted from the file's or image's start.</param>
/// <param name="Length">How many. Up to 7 equal bytes between two others count as part of one range.</param>
public readonly record struct ByteRange(long Start, long Length);
