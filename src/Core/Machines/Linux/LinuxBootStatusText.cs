using System;

namespace Ember.Core.Machines.Linux;

/// <summary>What the appliance says of each <see cref="LinuxBootStatus"/>.</summary>
public static class LinuxBootStatusText
{
    /// <summary>What is wrong and how to mend it, to follow "vm NAME: ".</summary>
    public static ReadOnlySpan<byte> Of(LinuxBootStatus status) => status switch
    {
        LinuxBootStatus.Loaded => "kernel loaded"u8,
        LinuxBootStatus.NotLinux => "kernel is not a Linux/x86 image; give a bzImage"u8,
        LinuxBootStatus.ProtocolTooOld => "kernel's boot protocol is older than 2.12; give Linux 3.8 or later"u8,
        LinuxBootStatus.NotBzImage => "kernel is a zImage; give a bzImage"u8,
        LinuxBootStatus.Not64Bit => "kernel has no 64-bit entry point; give an x86-64 kernel"u8,
        LinuxBootStatus.HeaderLengthInvalid => "kernel's setup header has an impossible length; build or copy it again"u8,
        LinuxBootStatus.CodeMissing => "kernel has no code behind its setup header; build or copy it again"u8,
        LinuxBootStatus.KernelTruncated => "kernel is shorter than its header says; copy it again"u8,
        LinuxBootStatus.AlignmentInvalid => "kernel's alignment is not a power of two; build or copy it again"u8,
        LinuxBootStatus.AddressTooLow => "kernel wants to lie below 1 MiB; build it for a higher address"u8,
        LinuxBootStatus.InitSizeMissing => "kernel does not say how much memory it needs; build or copy it again"u8,
        LinuxBootStatus.MemoryTooSmall => "kernel does not fit into the VM's memory; give the VM more"u8,
        LinuxBootStatus.CommandLineTooLong => "command line is longer than the kernel takes; shorten it"u8,
        LinuxBootStatus.InitrdTooLarge => "initrd does not fit above the kernel; give the VM more memory"u8,
        _ => "kernel was refused for an unknown reason"u8,
    };
}
