namespace Ember.Sdk.Summaries;

/// <summary>A partition of an image that is not built yet.</summary>
/// <param name="Name">Its name in the partition table.</param>
/// <param name="Offset">Where it begins, in bytes; null while that depends on payloads.</param>
/// <param name="Size">Its length in bytes; null while that depends on payloads.</param>
public sealed record PartitionSummary(string Name, long? Offset, long? Size);
