using System;
using System.Buffers.Binary;
using System.Security.Cryptography;
using Ember.Formats.Signatures;

namespace Ember.Sdk.Signing;

/// <summary>Writes what the loader reads: the vendor's public key (<see cref="RsaPublicKey"/>) and a bank's signature
/// (<see cref="BankSignature"/>).</summary>
public static class VendorKey
{
    /// <summary>The key that the loader trusts, for its section <see cref="RsaPublicKey.SectionName"/>.</summary>
    public static byte[] Write(SigningCertificate certificate) => Write(
        RsaPublicKey.MagicValue,
        (uint)(certificate.IsTestKey ? RsaKeyFlags.Test : RsaKeyFlags.None),
        certificate.Modulus,
        certificate.Modulus);

    /// <summary>A bank's signature file.</summary>
    /// <param name="certificate">Of the key that signed.</param>
    /// <param name="signature">The signature of the whole manifest.</param>
    public static byte[] WriteBankSignature(SigningCertificate certificate, byte[] signature) =>
        Write(BankSignature.MagicValue, (uint)SignatureAlgorithm.RsaPkcs1Sha256, certificate.Modulus, signature);

    /// <summary>Signs a bank.</summary>
    /// <param name="key">The vendor's key.</param>
    /// <param name="name">The manifest's file, as <see cref="SigningRequest.Name"/>.</param>
    /// <param name="manifest">The whole manifest.</param>
    /// <returns>The signature file.</returns>
    /// <exception cref="EmberException">The key does not sign (exit code 3).</exception>
    public static byte[] SignBank(ISigningKey key, string name, byte[] manifest) =>
        WriteBankSignature(key.Certificate, key.Sign(new SigningRequest(name, manifest)));

    private static byte[] Write(ulong magic, uint kind, ReadOnlySpan<byte> modulus, ReadOnlySpan<byte> content)
    {
        byte[] bytes = new byte[SignatureHeader.Size + content.Length];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, magic);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8), SignatureHeader.CurrentVersion);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(12), kind);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(16), content.Length);
        SHA256.HashData(modulus, bytes.AsSpan(SignatureHeader.KeyIdOffset));
        content.CopyTo(bytes.AsSpan(SignatureHeader.Size));
        return bytes;
    }
}
