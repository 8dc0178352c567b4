using System.Collections.Generic;

namespace Ember.Sdk.Signing;

/// <summary>
/// A key that is not at hand. What must be signed is collected; once somebody has signed it, the same build with the signatures gives
/// what it would have given with the key.
/// </summary>
/// <param name="certificate">The key's certificate, which belongs to this key from now on.</param>
/// <param name="signatures">What is signed already: signatures by the name of what they sign.</param>
public sealed class DeferredSigningKey(SigningCertificate certificate, IReadOnlyDictionary<string, byte[]> signatures) : ISigningKey
{
    private readonly List<SigningRequest> _missing = [];

    /// <inheritdoc/>
    public SigningCertificate Certificate { get; } = certificate;

    /// <summary>What is not signed yet. While there is any, whatever was made with this key is not signed.</summary>
    public IReadOnlyList<SigningRequest> Missing => _missing;

    /// <summary>The signature, if it is there; zeros of its length otherwise, and the request is one more of
    /// <see cref="Missing"/>.</summary>
    /// <exception cref="EmberException">There is one, but it is not this key's of this content (exit code 2).</exception>
    public byte[] Sign(SigningRequest request)
    {
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
