using System;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Ember.Sdk.Signing;

/// <summary>
/// A key to try things out with, and its certificate, marked so that loader, banks and release builds know it. The SDK has no random
/// numbers: whoever makes one brings the key.
/// </summary>
public sealed class TestKeyPair
{
    /// <summary>The extension that marks a test key's certificate: an object identifier below 2.25, where everyone may take a UUID
    /// for one (ITU-T X.667); this one is 6f9a1c5e-4b1d-5e0a-9c37-5d2f0e8b7a41.</summary>
    public const string Marking = "2.25.148344496626503082618278987576480856641";

    /// <summary>Bits of a new key.</summary>
    public const int KeyBits = 3072;

    private const int ValidYears = 10;

    private TestKeyPair(string privateKeyPem, string certificatePem)
    {
        PrivateKeyPem = privateKeyPem;
        CertificatePem = certificatePem;
    }

    /// <summary>The key, PKCS #8 in PEM, not encrypted.</summary>
    public string PrivateKeyPem { get; }

    /// <summary>The certificate in PEM: signed by the key itself, for code signing.</summary>
    public string CertificatePem { get; }

    /// <summary>Makes the certificate for a key.</summary>
    /// <param name="key">A fresh RSA key of <see cref="KeyBits"/>.</param>
    /// <param name="from">The first second of ten years in which the certificate is valid.</param>
    public static TestKeyPair Create(RSA key, DateTimeOffset from)
    {
        CertificateRequest request = new(
            "CN=Ember test key - not for release", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(
            new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.3")], critical: false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));

        // DER of NULL: that the extension is there says it all.
        request.CertificateExtensions.Add(new X509Extension(Marking, [5, 0], critical: false));
        byte[] serial = SHA256.HashData(key.ExportParameters(includePrivateParameters: false).Modulus!)[..16];
        serial[0] = (byte)((serial[0] & 0x7F) | 0x40);
        using X509Certificate2 certificate = request.Create(
            request.SubjectName,
            X509SignatureGenerator.CreateForRSA(key, RSASignaturePadding.Pkcs1),
            from,
            from.AddYears(ValidYears),
            serial);
        return new TestKeyPair(key.ExportPkcs8PrivateKeyPem() + "\n", certificate.ExportCertificatePem() + "\n");
    }
}
