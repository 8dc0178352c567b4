namespace Ember.Formats.Tests.Signatures;

/// <summary>A key, a message, a signature, and whether that is the message's.</summary>
internal sealed record SignatureVector(byte[] Modulus, uint Exponent, byte[] Message, byte[] Signature, bool IsGood);
