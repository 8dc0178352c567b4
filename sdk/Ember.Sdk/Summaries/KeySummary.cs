using System;
using Ember.Sdk.Signing;

namespace Ember.Sdk.Summaries;

/// <summary>A key that will sign, as far as it can be known without its password.</summary>
/// <param name="Location">Where it is, in words.</param>
public sealed record KeySummary(string Location)
{
    /// <summary>SHA-256 of the modulus, in lower-case hexadecimal; null where the certificate is locked away with the key.</summary>
    public string? KeyId { get; init; }

    /// <summary>Whom the certificate names; null where it is locked away.</summary>
    public string? Subject { get; init; }

    /// <summary>Whether it is marked as not to be released with; null where that cannot be known.</summary>
    public bool? IsTestKey { get; init; }

    /// <summary>Looks at a key.</summary>
    /// <param name="location">Where it is; null for the common test key.</param>
    /// <exception cref="EmberException">Its certificate is none (exit code 2).</exception>
    public static KeySummary Of(KeyLocation? location) => location switch
    {
        null => OfCertificate("the common test key", CommonTestKey.CertificatePath),
        PemKeyLocation pem => OfCertificate(pem.KeyPath, pem.CertificatePath),
        CertificateLocation certificate => OfCertificate("elsewhere", certificate.CertificatePath),
        Pkcs12KeyLocation file => new KeySummary(file.Path),
        Pkcs11Location { CertificatePath: { } certificate } token => OfCertificate(token.ToString(), certificate),
        Pkcs11Location token => new KeySummary(token.ToString()),
        _ => throw new ArgumentException("An unknown kind of key.", nameof(location)),
    };

    private static KeySummary OfCertificate(string location, string path)
    {
        using SigningCertificate certificate = SigningCertificate.Read(path);
        return new KeySummary(location)
        {
            KeyId = certificate.KeyId,
            Subject = certificate.Leaf.Subject,
            IsTestKey = certificate.IsTestKey,
        };
    }
}
