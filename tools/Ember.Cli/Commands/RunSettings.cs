using System;
using Ember.Sdk.Validation;

namespace Ember.Cli.Commands;

/// <summary>What <c>ember run</c> was asked for.</summary>
internal sealed record RunSettings
{
    /// <summary>The appliance's folder, a full path.</summary>
    public required string ImageFolder { get; init; }

    /// <summary>Which variant of it; null for none.</summary>
    public required string? Variant { get; init; }

    /// <summary>The machine to boot it in.</summary>
    public required MachineModel Machine { get; init; }

    /// <summary>The machine's memory in MiB.</summary>
    public required int MemoryMiB { get; init; }

    /// <summary>How many processors the machine has.</summary>
    public required int Processors { get; init; }

    /// <summary>True: a person types to the guest.</summary>
    public required bool Interactive { get; init; }

    /// <summary>True: what the machine sends is not shown.</summary>
    public required bool Headless { get; init; }

    /// <summary>When to give up; null for never.</summary>
    public required TimeSpan? Timeout { get; init; }

    /// <summary>The text that ends the run well; null to wait for the power-off.</summary>
    public required string? Until { get; init; }

    /// <summary>True: time is counted in instructions.</summary>
    public required bool CountsInstructions { get; init; }

    /// <summary>Where to put a picture of the screen; null for nowhere.</summary>
    public required string? Screenshot { get; init; }

    /// <summary>The TCP port at which others may attach to the serial port; null for none.</summary>
    public required int? SerialPort { get; init; }

    /// <summary>True: missing host packages are installed.</summary>
    public required bool Install { get; init; }

    /// <summary>True: the image is built first.</summary>
    public required bool Build { get; init; }

    /// <summary>True: the result is JSON on standard output.</summary>
    public required bool Json { get; init; }
}
