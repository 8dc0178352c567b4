using System.Collections.Generic;

namespace Ember.Sdk.Footprint;

/// <summary>What one build took: a line of the history.</summary>
/// <param name="Revision">What the sources were, a commit for example; the digest's beginning when nothing tells.</param>
/// <param name="Digest">SHA-256 of the core.</param>
/// <param name="Sizes">What the core takes.</param>
/// <param name="Namespaces">Bytes of the file by namespace.</param>
public sealed record HistoryEntry(string Revision, string Digest, Sizes Sizes, IReadOnlyDictionary<string, long> Namespaces);
