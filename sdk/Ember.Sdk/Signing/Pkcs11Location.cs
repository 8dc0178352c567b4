namespace Ember.Sdk.Signing;

/// <summary>Where a key lies in a hardware security module, a smart card, or what stands in for one.</summary>
/// <param name="ModulePath">The vendor's PKCS #11 library, <c>/usr/lib/softhsm/libsofthsm2.so</c> for example.</param>
/// <param name="TokenLabel">The token's label.</param>
/// <param name="KeyLabel">The private key's label.</param>
public sealed record Pkcs11Location(string ModulePath, string TokenLabel, string KeyLabel) : KeyLocation
{
    /// <summary>A file with the key's certificate, and any above it; null where the token holds them.</summary>
    public string? CertificatePath { get; init; }

    /// <summary>The token and the key as messages name them.</summary>
    public override string ToString() => $"token '{TokenLabel}', key '{KeyLabel}'";
}
