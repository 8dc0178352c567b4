using Ember.Sdk.Images;

namespace Ember.Sdk.Payloads;

/// <summary>A file that goes onto the key beside the plan.</summary>
/// <param name="Name">Its name there, in the root of a bank.</param>
/// <param name="Path">Where it is on the host now.</param>
/// <param name="Digest">Its length and checksums.</param>
/// <param name="Inputs">What it is made of as far as that is known: nothing for a vendor's own file, which is all there is to know of it.
/// </param>
public sealed record PayloadFile(string Name, string Path, ContentDigest Digest, PayloadInputs Inputs);
