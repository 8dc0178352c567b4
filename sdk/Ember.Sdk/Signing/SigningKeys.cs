using System;
using Ember.Sdk.Manifests;

namespace Ember.Sdk.Signing;

/// <summary>Opens the key that an appliance names.</summary>
public static class SigningKeys
{
    /// <summary>Opens the key that an appliance's banks are signed with, and loader and core too if it names no other for them.</summary>
    /// <param name="signing">Which key; null for the common test key.</param>
    /// <param name="secret">Asked for the password or PIN of a named key when it needs one; null when there is none to be had.</param>
    /// <param name="time">When the certificate has to be valid; null where there is no clock.</param>
    /// <exception cref="EmberException">The key is not there, is not the certificate's or may not sign (exit code 2), or its module does
    /// not answer (3).</exception>
    public static ISigningKey OpenBankKey(ManifestSigning? signing, Func<string, string?> secret, DateTimeOffset? time) =>
        signing is null
            ? CommonTestKey.Open()
            : Open(
                signing.Bank,
                secret,
                time,
                signing.SecureBoot is null ? [SigningPurpose.Bank, SigningPurpose.Authenticode] : [SigningPurpose.Bank]);

    /// <summary>Opens the key that signs loader and core for Secure Boot, when it is another one; otherwise null.</summary>
    /// <param name="signing">Which key.</param>
    /// <param name="secret">As for <see cref="OpenBankKey"/>.</param>
    /// <param name="time">As for <see cref="OpenBankKey"/>.</param>
    /// <exception cref="EmberException">As for <see cref="OpenBankKey"/>.</exception>
    public static ISigningKey? OpenSecureBootKey(ManifestSigning? signing, Func<string, string?> secret, DateTimeOffset? time) =>
        signing?.SecureBoot is { } location ? Open(location, secret, time, SigningPurpose.Authenticode) : null;

    private static ISigningKey Open(
        KeyLocation location, Func<string, string?> secret, DateTimeOffset? time, params ReadOnlySpan<SigningPurpose> purposes)
    {
        ISigningKey key = location switch
        {
            PemKeyLocation pem => RsaSigningKey.OpenPem(pem.KeyPath, pem.CertificatePath, () => secret(pem.KeyPath)),
            Pkcs12KeyLocation file => RsaSigningKey.OpenPkcs12(file.Path, () => secret(file.Path)),
            Pkcs11Location token => Pkcs11SigningKey.Open(
                token, secret(token.ToString()) ?? throw new EmberException(ErrorKind.Input, $"{token}: no PIN was given")),
            _ => throw new ArgumentException("An unknown kind of key.", nameof(location)),
        };
        try
        {
            foreach (SigningPurpose purpose in purposes)
            {
                key.Certificate.Require(purpose, time);
            }

            return key;
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }
}
