using System;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Ember.Sdk.Signing;
using Ember.Sdk.Tests.Hosting;

namespace Ember.Sdk.Tests.Signing;

/// <summary>Keys of the fixtures, certificates made for them on the spot, and files of both.</summary>
internal static class KeyMaker
{
    public const string CodeSigning = "1.3.6.1.5.5.7.3.3";
    public const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    public static DateTimeOffset Start { get; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static DateTimeOffset End { get; } = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The fixtures' RSA key of so many bits: 2048, 3072, 3136 or 4096.</summary>
    public static RSA Rsa(int bits)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"key-{bits}.pem")!;
        using StreamReader reader = new(stream);
        RSA key = RSA.Create();
        key.ImportFromPem(reader.ReadToEnd());
        return key;
    }

    /// <summary>A certificate that its own key signed, or <paramref name="issuer"/>.</summary>
    public static X509Certificate2 Certificate(
        RSA key,
        string subject = "CN=Signer",
        string? extendedUse = CodeSigning,
        X509KeyUsageFlags? use = null,
        X509Certificate2? issuer = null)
    {
        CertificateRequest request = new(subject, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        if (extendedUse is not null)
        {
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(extendedUse)], critical: false));
        }

        if (use is X509KeyUsageFlags flags)
        {
            request.CertificateExtensions.Add(new X509KeyUsageExtension(flags, critical: true));
        }

        return issuer is null
            ? request.CreateSelfSigned(Start, End)
            : request.Create(issuer, Start, End, [7]).CopyWithPrivateKey(key);
    }

    /// <summary>A certificate that may issue others.</summary>
    public static X509Certificate2 Authority(RSA key)
    {
        CertificateRequest request = new("CN=Authority", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, critical: true));
        return request.CreateSelfSigned(Start, End);
    }

    /// <summary>Writes a PEM file of any blocks.</summary>
    /// <returns>Its path.</returns>
    public static string Write(TemporaryFolder folder, string name, params string[] blocks)
    {
        File.WriteAllText(folder[name], string.Concat(blocks.Select(block => block + "\n")));
        return folder[name];
    }

    /// <summary>A key of the fixtures, opened from files.</summary>
    public static ISigningKey Open(TemporaryFolder folder, int bits = 3072)
    {
        using RSA key = Rsa(bits);
        using X509Certificate2 certificate = Certificate(key);
        string path = Write(folder, $"both-{bits}.pem", key.ExportPkcs8PrivateKeyPem(), certificate.ExportCertificatePem());
        return RsaSigningKey.OpenPem(path, path);
    }
}
