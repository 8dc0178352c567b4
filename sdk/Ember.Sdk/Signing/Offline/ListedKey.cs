using System;
using System.Security.Cryptography;

namespace Ember.Sdk.Signing.Offline;

/// <summary>The key that a request is for, as somebody else knows it.</summary>
/// <param name="Subject">Whom its certificate names.</param>
/// <param name="KeyId">SHA-256 of the RSA modulus, in lower-case hexadecimal.</param>
/// <param name="CertificateSha256">SHA-256 of the certificate, in lower-case hexadecimal.</param>
public sealed record ListedKey(string Subject, string KeyId, string CertificateSha256)
{
    internal static ListedKey Of(SigningCertificate certificate) => new(
        certificate.Leaf.Subject,
        certificate.KeyId,
        Convert.ToHexStringLower(SHA256.HashData(certificate.Leaf.RawDataMemory.Span)));
}
