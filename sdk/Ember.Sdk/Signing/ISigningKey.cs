using System;
using System.Collections.Generic;

namespace Ember.Sdk.Signing;

/// <summary>A private RSA key, wherever it is, with its certificate. Disposing forgets the key and its certificate.</summary>
public interface ISigningKey : IDisposable
{
    /// <summary>The certificate of the key, and those above it.</summary>
    SigningCertificate Certificate { get; }

    /// <summary>What was to be signed and is not, because the key is elsewhere. While there is any, whatever was made with this key is not
    /// signed.</summary>
    IReadOnlyList<SigningRequest> Missing => [];

    /// <summary>Signs; the same request gives the same signature.</summary>
    /// <param name="request">What to sign.</param>
    /// <returns>The signature, as long as the modulus: PKCS #1 v1.5 of the request's SHA-256.</returns>
    /// <exception cref="EmberException">The key does not sign (exit code 3).</exception>
    byte[] Sign(SigningRequest request);
}
