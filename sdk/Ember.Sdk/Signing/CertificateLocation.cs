namespace Ember.Sdk.Signing;

/// <summary>A key that is elsewhere and never comes here: only its certificate does.</summary>
/// <param name="CertificatePath">The file with the certificate, and any above it.</param>
public sealed record CertificateLocation(string CertificatePath) : KeyLocation;
