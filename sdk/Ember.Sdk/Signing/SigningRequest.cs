using System.Security.Cryptography;

namespace Ember.Sdk.Signing;

/// <summary>Something that must be signed, by whoever holds the key and with whatever tool.</summary>
/// <param name="Name">The file it belongs to, <c>core.efi</c> for example; the only one of its name in a build.</param>
/// <param name="Content">The bytes to sign: RSA, PKCS #1 v1.5, of their SHA-256.</param>
public sealed record SigningRequest(string Name, byte[] Content)
{
    /// <summary>SHA-256 of the content: 32 bytes, for a tool that signs digests.</summary>
    public byte[] Digest { get; } = SHA256.HashData(Content);
}
