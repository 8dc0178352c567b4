namespace Ember.Sdk.Manifests;

/// <summary>The most bytes of something.</summary>
/// <param name="Bytes">In the file of the core, above zero.</param>
/// <param name="Position">The line that says so.</param>
public sealed record BudgetLimit(long Bytes, ManifestPosition Position);
