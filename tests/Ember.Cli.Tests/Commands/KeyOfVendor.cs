using System;
using System.IO;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Ember.Cli.Tests.Commands;

/// <summary>A key and its certificate in files, as a vendor brings them: right in all but what a test asks for.</summary>
internal sealed class KeyOfVendor : IDisposable
{
    public const string Password = "open sesame";

    private const string CodeSigning = "1.3.6.1.5.5.7.3.3";

    private readonly RSA _rsa;
    private readonly X509Certificate2 _certificate;

    public KeyOfVendor(
        int bits = 3072, int from = 2020, int to = 2900, string use = CodeSigning,
        X509KeyUsageFlags flags = X509KeyUsageFlags.DigitalSignature)
    {
        _rsa = RSA.Create(bits);
        CertificateRequest request = new("CN=Vendor", _rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(use)], critical: false));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(flags, critical: true));
        _certificate = request.CreateSelfSigned(
            new DateTimeOffset(from, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(to, 1, 1, 0, 0, 0, TimeSpan.Zero));
    }

    public string KeyPem => _rsa.ExportPkcs8PrivateKeyPem();

    public string CertificatePem => _certificate.ExportCertificatePem();

    /// <summary>Writes <c>vendor.key</c>, <c>vendor.pem</c> and <c>vendor.p12</c> into a folder.</summary>
    public void Write(string folder)
    {
        File.WriteAllText(Path.Combine(folder, "vendor.key"), KeyPem);
        File.WriteAllText(Path.Combine(folder, "vendor.pem"), CertificatePem);
        File.WriteAllBytes(Path.Combine(folder, "vendor.p12"), _certificate.Export(X509ContentType.Pkcs12, Password));
    }

    public void Dispose()
    {
        _certificate.Dispose();
        _rsa.Dispose();
    }
}
