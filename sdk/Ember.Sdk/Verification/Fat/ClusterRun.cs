namespace Ember.Sdk.Verification.Fat;

/// <summary>Clusters that follow each other.</summary>
/// <param name="First">The first.</param>
/// <param name="Count">How many.</param>
internal readonly record struct ClusterRun(uint First, uint Count);
