using System;
using System.Collections.Generic;

namespace Ember.Sdk.Signing;

/// <summary>
/// A key that is not at hand. What must be signed is collected; once somebody has signed it, the same build with the signatures gives
/// what it would have given with the key.
/// </summary>
/// <param name="certificate">The key's certificate, which belongs to this key from now on.</param>
/// <param name="signatures">What is signed already: signatures by the name of what they sign.</param>
/// <param name="check">Called with all that is to be signed, before its signature is looked for; null for nothing.</param>
public sealed class DeferredSigningKey(
    SigningCertificate certificate, IReadOnlyDictionary<string, byte[]> signatures, Action<SigningRequest>? check = null) : ISigningKey
{
    private readonly List<SigningRequest> _missing = [];

    /// <inheritdoc/>
    public SigningCertificate Certificate { get; } = certificate;

    /// <inheritdoc/>
    public IReadOnlyList<SigningRequest> Missing => _missing;

    /// <summary>The signature, if it is there; zeros of its length otherwise, and the request is one more of
    /// <see cref="Missing"/>.</summary>
    /// <exception cref="EmberException">There is one, but it is not this key's of this content (exit code 2).</exception>
    public byte[] Sign(SigningRequest request)
    {
        check?.Invoke(request);
        if (!signatures.TryGetValue(request.Name, out byte[]? signature))
        {
            _missing.Add(request);
            return new byte[Certificate.Modulus.Length];
        }

        if (!Certificate.IsSignature(request, signature))
        {
            throw new EmberException(
                ErrorKind.Input,
                $"{request.Name}: the signature is not one of what was to be signed, by the key of {Certificate.Name}; "
                + "sign it again (RSA, PKCS #1 v1.5, SHA-256)");
        }

        return signature;
    }

    /// <inheritdoc/>
    public void Dispose() => Certificate.Dispose();
}
