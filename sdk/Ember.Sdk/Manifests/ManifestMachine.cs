using Ember.Formats.Plans;

namespace Ember.Sdk.Manifests;

/// <summary>A virtual machine as its vendor describes it.</summary>
public sealed record ManifestMachine
{
    /// <summary>Where its table begins.</summary>
    public required ManifestPosition Position { get; init; }

    /// <summary>Its name, unique in the manifest: 1 to 31 letters, digits, <c>-</c>, <c>_</c> and <c>.</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Guest memory in bytes, within the limits of <see cref="PlanMachine"/>.</summary>
    public required ulong MemoryBytes { get; init; }

    /// <summary>Virtual processors, 1 to <see cref="PlanMachine.MaximumProcessorCount"/>.</summary>
    public required uint ProcessorCount { get; init; }

    /// <summary>How it starts.</summary>
    public required BootProtocol BootProtocol { get; init; }

    /// <summary>Where its kernel comes from.</summary>
    public required PayloadSource Kernel { get; init; }

    /// <summary>Where its initial RAM disk comes from, if it has one.</summary>
    public PayloadSource? Initrd { get; init; }

    /// <summary>The kernel's command line: up to <see cref="PlanMachine.MaximumCommandLineLength"/> characters of printable
    /// ASCII.</summary>
    public required string CommandLine { get; init; }
}
