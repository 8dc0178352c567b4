using Ember.Sdk.Signing.Offline;

namespace Ember.Sdk.Compilation;

/// <summary>What a round of an <see cref="OfflineBuild"/> gave: one of the two.</summary>
/// <param name="Built">The finished build.</param>
/// <param name="Waiting">What has to be signed now.</param>
public sealed record OfflineResult(BuildResult? Built, SigningFolder? Waiting);
