namespace Ember.Formats.Signatures;

/// <summary>How a bank is signed.</summary>
public enum SignatureAlgorithm : uint
{
    /// <summary>RSA, PKCS #1 v1.5, SHA-256, public exponent 65537.</summary>
    RsaPkcs1Sha256 = 1,
}
