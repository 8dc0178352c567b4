namespace Ember.Sdk.Differences;

/// <summary>Something that two images tell of themselves, and tell differently.</summary>
/// <param name="Name">What it is: <c>bank A: version</c>.</param>
/// <param name="Before">What the first one says; null where it has no such thing.</param>
/// <param name="After">What the second one says; null where it has no such thing.</param>
public sealed record ValueDifference(string Name, string? Before, string? After);
