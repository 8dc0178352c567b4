namespace Ember.Sdk.Signing;

/// <summary>A key in a PKCS #12 file, with its certificate and any above it.</summary>
/// <param name="Path">The file.</param>
public sealed record Pkcs12KeyLocation(string Path) : KeyLocation;
