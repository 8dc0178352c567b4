namespace Ember.Sdk.Signing;

/// <summary>A key in PEM files.</summary>
/// <param name="KeyPath">The file with the private key.</param>
/// <param name="CertificatePath">The file with its certificate, and any above it; it may be the same.</param>
public sealed record PemKeyLocation(string KeyPath, string CertificatePath) : KeyLocation;
