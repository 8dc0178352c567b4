namespace Ember.Sdk.Media;

/// <summary>How far writing a key has come.</summary>
/// <param name="Phase">What it is at.</param>
/// <param name="Done">Bytes of this phase that are done.</param>
/// <param name="Total">Bytes of this phase.</param>
public readonly record struct MediumProgress(MediumPhase Phase, long Done, long Total);
