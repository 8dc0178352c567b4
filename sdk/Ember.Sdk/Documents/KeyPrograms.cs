using System;

namespace Ember.Sdk.Documents;

/// <summary>The programs of a key as they lie on it, signed.</summary>
/// <param name="Loader">The loader.</param>
/// <param name="Core">The core.</param>
public sealed record KeyPrograms(ReadOnlyMemory<byte> Loader, ReadOnlyMemory<byte> Core);
