using Ember.Sdk.Images;

namespace Ember.Sdk.Payloads;

/// <summary>A file that goes onto the key beside the plan.</summary>
/// <param name="Name">Its name there, in the folder EMBER.</param>
/// <param name="Path">Where it is on the host now.</param>
/// <param name="Digest">Its length and checksums.</param>
public sealed record PayloadFile(string Name, string Path, ContentDigest Digest);
