using System;

namespace Ember.Core.Machines.Linux;

/// <summary>What a Linux guest is started from. The host's memory: the guest cannot change it while it is checked.</summary>
public unsafe ref struct LinuxImages
{
    /// <summary>A bzImage, not trusted.</summary>
    public byte* Kernel;

    /// <summary>Bytes at <see cref="Kernel"/>.</summary>
    public ulong KernelLength;

    /// <summary>The initial RAM disk.</summary>
    public byte* Initrd;

    /// <summary>Bytes at <see cref="Initrd"/>; 0 for none.</summary>
    public ulong InitrdLength;

    /// <summary>The kernel's command line, without a terminating zero.</summary>
    public ReadOnlySpan<byte> CommandLine;

    /// <summary>Guest-physical address of the ACPI RSDP.</summary>
    public ulong Rsdp;
}
