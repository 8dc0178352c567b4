using System;
using Ember.Sdk.Payloads;

namespace Ember.Sdk.Documents;

/// <summary>Package URLs (purl) of what images are made of.</summary>
internal static class PackageUrl
{
    /// <summary>That of a Debian package.</summary>
    public static string Of(DebianPackage package) => Debian(package.Name, package.Version, package.Architecture);

    /// <summary>That of a Debian source package.</summary>
    public static string OfSource(string name, string version) => Debian(name, version, "source");

    /// <summary>That of a NuGet package.</summary>
    public static string OfNuget(string name, string version) => $"pkg:nuget/{name}@{Escape(version)}";

    /// <summary>That of an Ember SDK.</summary>
    public static string OfEmber(string version) => $"pkg:generic/ember@{Escape(version)}";

    private static string Debian(string name, string version, string architecture) =>
        $"pkg:deb/debian/{Escape(name)}@{Escape(version)}?arch={architecture}";

    // The rules of purl leave a colon as it is.
    private static string Escape(string text) => Uri.EscapeDataString(text).Replace("%3A", ":", StringComparison.Ordinal);
}
