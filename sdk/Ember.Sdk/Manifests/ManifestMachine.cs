using System.Collections.Generic;
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

    /// <summary>What its kernel finds in memory, the initial RAM disk first if it has one: up to
    /// <see cref="PlanMachine.MaximumModuleCount"/>, of a Linux kernel nothing else.</summary>
    public required IReadOnlyList<ManifestModule> Modules { get; init; }

    /// <summary>The kernel's command line: up to <see cref="PlanMachine.MaximumCommandLineLength"/> characters of printable
    /// ASCII.</summary>
    public required string CommandLine { get; init; }

    /// <summary>Whether it is started again when it has ended.</summary>
    public RestartPolicy Restart { get; init; }

    /// <summary>When it is first started.</summary>
    public StartPolicy Start { get; init; }

    /// <summary>Its share of processors that are short, beside the others' weights: 1 to
    /// <see cref="PlanMachine.MaximumWeight"/>.</summary>
    public required uint Weight { get; init; }

    /// <summary>The most that all its processors together may use, in hundredths of one processor of the host: up to
    /// <see cref="PlanMachine.MaximumCap"/>; 0 for no limit.</summary>
    public uint Cap { get; init; }

    /// <summary>The host's processors it may run on, bit 0 for the first; 0 for all.</summary>
    public ulong Affinity { get; init; }
}
