using System;
using Ember.Formats.Plans;

namespace Ember.Core.Machines.ProtectedMode;

/// <summary>What a guest is started from that begins in 32-bit protected mode. The host's memory: the guest cannot change it
/// while it is checked.</summary>
public ref struct ProtectedModeImages
{
    /// <summary><see cref="BootProtocol.Pvh"/> or <see cref="BootProtocol.Multiboot"/>.</summary>
    public BootProtocol Protocol;

    /// <summary>The kernel's file, not trusted.</summary>
    public ReadOnlySpan<byte> Kernel;

    /// <summary>At most <see cref="PlanMachine.MaximumModuleCount"/>; the loader fills in where they are.</summary>
    public Span<BootModule> Modules;

    /// <summary>The kernel's command line, without a terminating zero: at most
    /// <see cref="PlanMachine.MaximumCommandLineLength"/> bytes.</summary>
    public ReadOnlySpan<byte> CommandLine;

    /// <summary>Guest-physical address of the ACPI RSDP.</summary>
    public ulong Rsdp;
}
