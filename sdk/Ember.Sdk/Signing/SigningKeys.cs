using System;
using System.IO;
using Ember.Sdk.Manifests;

namespace Ember.Sdk.Signing;

/// <summary>Opens the key that an appliance names.</summary>
public static class SigningKeys
{
    /// <summary>The environment variable that holds a password or PIN where nobody sits at a terminal.</summary>
    public const string PasswordVariable = "EMBER_PASSWORD";

    /// <summary>Opens the key that an appliance's banks are signed with, and loader and core too if it names no other for them.</summary>
    /// <param name="signing">Which key; null for the common test key.</param>
    /// <param name="secret">Asked for the password or PIN of a named key when it needs one; null when there is none to be had.</param>
    /// <param name="time">When the certificate has to be valid; null where there is no clock.</param>
    /// <exception cref="EmberException">The key is not there, is not the certificate's or may not sign (exit code 2), or its module does
    /// not answer (3).</exception>
    public static ISigningKey OpenBankKey(ManifestSigning? signing, Func<string, string?> secret, DateTimeOffset? time) =>
        signing is null
            ? CommonTestKey.Open()
            : Open(signing.Bank, secret, time, PurposesOfBankKey(signing));

    /// <summary>Opens the key that signs loader and core for Secure Boot, when it is another one; otherwise null.</summary>
    /// <param name="signing">Which key.</param>
    /// <param name="secret">As for <see cref="OpenBankKey"/>.</param>
    /// <param name="time">As for <see cref="OpenBankKey"/>.</param>
    /// <exception cref="EmberException">As for <see cref="OpenBankKey"/>.</exception>
    public static ISigningKey? OpenSecureBootKey(ManifestSigning? signing, Func<string, string?> secret, DateTimeOffset? time) =>
        signing?.SecureBoot is { } location ? Open(location, secret, time, SigningPurpose.Authenticode) : null;

    /// <summary>Opens the certificate of the key that an appliance's banks are signed with, where the key is elsewhere.</summary>
    /// <param name="signing">Which key; null for the common test key.</param>
    /// <param name="time">As for <see cref="OpenBankKey"/>.</param>
    /// <exception cref="EmberException">It is not there as a file, or its key may not sign (exit code 2).</exception>
    public static SigningCertificate OpenBankCertificate(ManifestSigning? signing, DateTimeOffset? time) => signing is null
        ? SigningCertificate.Read(CommonTestKey.CertificatePath)
        : OpenCertificate(signing.Bank, time, PurposesOfBankKey(signing));

    /// <summary>Opens the certificate of the key that signs loader and core, when it is another one; otherwise null.</summary>
    /// <param name="signing">Which key.</param>
    /// <param name="time">As for <see cref="OpenBankKey"/>.</param>
    /// <exception cref="EmberException">As for <see cref="OpenBankCertificate"/>.</exception>
    public static SigningCertificate? OpenSecureBootCertificate(ManifestSigning? signing, DateTimeOffset? time) =>
        signing?.SecureBoot is { } location ? OpenCertificate(location, time, SigningPurpose.Authenticode) : null;

    private static SigningPurpose[] PurposesOfBankKey(ManifestSigning signing) =>
        signing.SecureBoot is null ? [SigningPurpose.Bank, SigningPurpose.Authenticode] : [SigningPurpose.Bank];

    private static string CertificateOf(KeyLocation location) => location switch
    {
        CertificateLocation certificate => certificate.CertificatePath,
        PemKeyLocation pem => pem.CertificatePath,
        Pkcs11Location { CertificatePath: { } path } => path,
        Pkcs11Location token => throw new EmberException(
            ErrorKind.Input,
            $"{token}: its certificate is in the token; write certificate = \"path\" beside it, to build without the token"),
        Pkcs12KeyLocation file => throw new EmberException(
            ErrorKind.Input, $"{file.Path}: holds the key too; name its certificate alone under [signing], to build without the key"),
        _ => throw new ArgumentException("An unknown kind of key.", nameof(location)),
    };

    private static ISigningKey Open(
        KeyLocation location, Func<string, string?> secret, DateTimeOffset? time, params ReadOnlySpan<SigningPurpose> purposes)
    {
        ISigningKey key = location switch
        {
            PemKeyLocation pem => OpenPem(pem, secret),
            Pkcs12KeyLocation file => RsaSigningKey.OpenPkcs12(file.Path, () => secret(file.Path)),
            Pkcs11Location token => Pkcs11SigningKey.Open(
                token, secret(token.ToString()) ?? throw new EmberException(ErrorKind.Input, $"{token}: no PIN was given")),
            CertificateLocation certificate => throw new EmberException(
                ErrorKind.Input,
                $"{certificate.CertificatePath}: [signing] names no key but this certificate; add key, or build with --unsigned"),
            _ => throw new ArgumentException("An unknown kind of key.", nameof(location)),
        };
        try
        {
            Require(key.Certificate, time, purposes);
            return key;
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    private static RsaSigningKey OpenPem(PemKeyLocation pem, Func<string, string?> secret) => File.Exists(pem.KeyPath)
        ? RsaSigningKey.OpenPem(pem.KeyPath, pem.CertificatePath, () => secret(pem.KeyPath))
        : throw new EmberException(
            ErrorKind.Input,
            $"{pem.KeyPath}: not found; name the private key under [signing], or build with --unsigned where it is elsewhere");

    private static SigningCertificate OpenCertificate(
        KeyLocation location, DateTimeOffset? time, params ReadOnlySpan<SigningPurpose> purposes)
    {
        SigningCertificate certificate = SigningCertificate.Read(CertificateOf(location));
        try
        {
            Require(certificate, time, purposes);
            return certificate;
        }
        catch
        {
            certificate.Dispose();
            throw;
        }
    }

    private static void Require(SigningCertificate certificate, DateTimeOffset? time, ReadOnlySpan<SigningPurpose> purposes)
    {
        foreach (SigningPurpose purpose in purposes)
        {
            certificate.Require(purpose, time);
        }
    }
}
