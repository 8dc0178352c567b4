using Ember.Sdk.Images;

namespace Ember.Sdk.Compilation;

/// <summary>A file that a build made.</summary>
/// <param name="Path">Its path in the output folder or on the key, separated by <c>/</c>.</param>
/// <param name="Digest">Its length and hashes.</param>
public sealed record BuiltFile(string Path, ContentDigest Digest);
