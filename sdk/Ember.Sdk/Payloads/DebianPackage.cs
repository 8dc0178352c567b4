namespace Ember.Sdk.Payloads;

/// <summary>A Debian package in the cache.</summary>
/// <param name="Name">Its name; for a package that only named the newest kernel, the kernel's.</param>
/// <param name="Version">Its version.</param>
/// <param name="File">Full path of the .deb.</param>
/// <param name="Sha256">SHA-256 of the .deb, in lower-case hexadecimal digits.</param>
public sealed record DebianPackage(string Name, string Version, string File, string Sha256);
