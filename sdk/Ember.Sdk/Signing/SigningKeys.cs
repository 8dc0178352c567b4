using System;
using Ember.Sdk.Manifests;

namespace Ember.Sdk.Signing;

/// <summary>Opens the key that an appliance names.</summary>
public static class SigningKeys
{
    /// <summary>Opens it and requires that it may sign loader, core and banks.</summary>
    /// <param name="signing">Which key; null for the common test key.</param>
    /// <param name="secret">Asked for the password or PIN of a named key when it needs one; null when there is none to be had.</param>
    /// <param name="time">When the certificate has to be valid; null where there is no clock.</param>
    /// <exception cref="EmberException">The key is not there, is not the certificate's or may not sign (exit code 2), or its module does
    /// not answer (3).</exception>
    public static ISigningKey Open(ManifestSigning? signing, Func<string, string?> secret, DateTimeOffset? time)
    {
        ArgumentNullException.ThrowIfNull(secret);
        ISigningKey key = signing switch
        {
            null => CommonTestKey.Open(),
            { Key: { } path, Certificate: { } certificate } =>
                RsaSigningKey.OpenPem(path, certificate, RsaSigningKey.IsEncrypted(path) ? secret(path) : null),
            { Pkcs12: { } path } => RsaSigningKey.OpenPkcs12(path, secret(path)),
            { Pkcs11: { } location } => Pkcs11SigningKey.Open(
                location, secret(location.ToString()) ?? throw new EmberException(ErrorKind.Input, $"{location}: no PIN was given")),
            _ => throw new ArgumentException("no key is named", nameof(signing)),
        };
        try
        {
            key.Certificate.Require(SigningPurpose.Authenticode, time);
            key.Certificate.Require(SigningPurpose.Bank, time);
            return key;
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }
}
