namespace Ember.Sdk.Differences;

/// <summary>A part of an executable that differs.</summary>
/// <param name="Name">A section's name, <c>headers</c> or <c>signature</c>.</param>
/// <param name="DifferentBytes">How many bytes differ, those that only one has included.</param>
public sealed record PartDifference(string Name, long DifferentBytes);
