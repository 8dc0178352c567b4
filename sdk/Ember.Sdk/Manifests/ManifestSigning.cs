using Ember.Sdk.Signing;

namespace Ember.Sdk.Manifests;

/// <summary>Which key signs loader, core and bank: exactly one of the three.</summary>
public sealed record ManifestSigning
{
    /// <summary>Full path of a private key in PEM; its certificate is in <see cref="Certificate"/>.</summary>
    public string? Key { get; init; }

    /// <summary>Full path of the certificate of <see cref="Key"/>, and those above it, in PEM.</summary>
    public string? Certificate { get; init; }

    /// <summary>Full path of a PKCS #12 file with key and certificate.</summary>
    public string? Pkcs12 { get; init; }

    /// <summary>A key in a hardware security module.</summary>
    public Pkcs11Location? Pkcs11 { get; init; }
}
