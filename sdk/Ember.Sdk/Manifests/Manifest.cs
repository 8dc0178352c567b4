using System.Collections.Generic;
using Ember.Formats.Plans;

namespace Ember.Sdk.Manifests;

/// <summary>An appliance as its vendor describes it. Read from appliance.toml by <see cref="ManifestReader"/>, which has
/// checked everything that can be checked without fetching anything.</summary>
public sealed record Manifest
{
    /// <summary>The manifest's path as it was given.</summary>
    public required string Path { get; init; }

    /// <summary>The appliance's short name, fit for a file name: letters, digits, <c>-</c>, <c>_</c> and <c>.</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Which variant it is; null for none.</summary>
    public string? Variant { get; init; }

    /// <summary>The variants the file describes, in its order.</summary>
    public IReadOnlyList<string> Variants { get; init; } = [];

    /// <summary>Who makes it.</summary>
    public required string Vendor { get; init; }

    /// <summary>What its maker calls it: 1 to 31 characters of printable ASCII.</summary>
    public required string Product { get; init; }

    /// <summary>The product's version: 1 to 15 characters of printable ASCII.</summary>
    public required string Version { get; init; }

    /// <summary>What is to be read on the screen beside the product: up to 63 characters of printable ASCII, empty for nothing.</summary>
    public string Banner { get; init; } = "";

    /// <summary>Full path of the picture that the loader shows, PNG; null for none.</summary>
    public string? Logo { get; init; }

    /// <summary>A machine that has seen a bank of a higher one work refuses this one.</summary>
    public uint SecurityVersion { get; init; }

    /// <summary>What the appliance does when its last virtual machine has stopped.</summary>
    public AfterLastMachine AfterLastMachine { get; init; }

    /// <summary>How the image is made.</summary>
    public required ManifestImage Image { get; init; }

    /// <summary>The key that signs; null for the common test key.</summary>
    public ManifestSigning? Signing { get; init; }

    /// <summary>How large the core may be.</summary>
    public required ManifestBudget Budget { get; init; }

    /// <summary>Where the loader asks for updates; null for nowhere.</summary>
    public string? UpdateAddress { get; init; }

    /// <summary>Full path of the folder with the vendor's code for the board, C# sources in it; null for none.</summary>
    public string? BoardSources { get; init; }

    /// <summary>The fault that a validation lab wants to see; <see cref="LabCrash.None"/> in everything that is shipped.</summary>
    public LabCrash LabCrash { get; init; }

    /// <summary>The virtual machines, 1 to <see cref="PlanHeader.MaximumCount"/>, in the order of the manifest.</summary>
    public required IReadOnlyList<ManifestMachine> Machines { get; init; }
}
