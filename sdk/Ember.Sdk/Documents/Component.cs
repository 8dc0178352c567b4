using System.Collections.Generic;

namespace Ember.Sdk.Documents;

/// <summary>Something that an appliance consists of.</summary>
/// <param name="Id">Tells it from every other of the same bill.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Name">Its name: of a file, that on the key.</param>
public sealed record Component(string Id, ComponentKind Kind, string Name)
{
    /// <summary>Its version; null where it has none of its own.</summary>
    public string? Version { get; init; }

    /// <summary>Who supplies it; null where that is not known.</summary>
    public string? Supplier { get; init; }

    /// <summary>Its package URL (purl); null for what is no package.</summary>
    public string? PackageUrl { get; init; }

    /// <summary>The SHA-256 of its bytes in lower-case hexadecimal digits; null where it is not one file.</summary>
    public string? Sha256 { get; init; }

    /// <summary>The <see cref="Id"/>s of what it contains or is made of.</summary>
    public IReadOnlyList<string> MadeOf { get; init; } = [];
}
