using System;
using System.Runtime.CompilerServices;
using Ember.Formats.Fields;

namespace Ember.Formats.Signatures;

/// <summary>
/// RSA signatures of SHA-256 digests by PKCS #1 v1.5 (RFC 8017, 8.2.2). The only encoded message that is right is built and compared
/// as a whole: no padding is parsed, so there is nothing in it to get wrong.
/// </summary>
public static class RsaVerifier
{
    /// <summary>The public exponent of every key.</summary>
    public const uint PublicExponent = 65537;

    /// <summary>What lies between the padding and the digest: the DER of an AlgorithmIdentifier for SHA-256 with NULL parameters, and
    /// the head of an OCTET STRING of 32 bytes (RFC 8017, 9.2, note 1).</summary>
    private static ReadOnlySpan<byte> DigestInfo =>
        [0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20];

    /// <summary>Whether a signature is the key owner's for a digest.</summary>
    /// <param name="key">The key.</param>
    /// <param name="digest">SHA-256 of what was signed.</param>
    /// <param name="signature">The signature, big-endian, from anywhere; only one as long as the modulus can be right.</param>
    public static bool Verify(in RsaPublicKey key, ReadOnlySpan<byte> digest, ReadOnlySpan<byte> signature) =>
        Verify(key.Modulus, PublicExponent, digest, signature);

    /// <summary>The same for a modulus as <see cref="RsaPublicKey"/> has it and any odd exponent of 3 at least: published test vectors
    /// have others.</summary>
    internal static bool Verify(ReadOnlySpan<byte> modulus, uint exponent, ReadOnlySpan<byte> digest, ReadOnlySpan<byte> signature)
    {
        if (digest.Length != Sha256.DigestLength || signature.Length != modulus.Length)
        {
            return false;
        }

        EncodedMessage found = default;
        EncodedMessage expected = default;
        Span<byte> foundBytes = ((Span<byte>)found).Slice(0, modulus.Length);
        Span<byte> expectedBytes = ((Span<byte>)expected).Slice(0, modulus.Length);
        Encode(digest, expectedBytes);
        return ModularPower.TryRaise(signature, exponent, modulus, foundBytes) && FieldText.AreEqual(foundBytes, expectedBytes);
    }

    /// <summary>EMSA-PKCS1-v1_5 (RFC 8017, 9.2): 00 01, FF to fill it up, 00, the digest's name, the digest.</summary>
    private static void Encode(ReadOnlySpan<byte> digest, Span<byte> message)
    {
        int digestStart = message.Length - Sha256.DigestLength;
        int infoStart = digestStart - DigestInfo.Length;
        message.Fill(0xFF);
        message[0] = 0;
        message[1] = 1;
        message[infoStart - 1] = 0;
        DigestInfo.CopyTo(message.Slice(infoStart));
        digest.CopyTo(message.Slice(digestStart));
    }

    [InlineArray(ModularPower.MaximumLength)]
    private struct EncodedMessage
    {
        private byte _first;
    }
}
