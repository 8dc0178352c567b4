using System;

namespace Ember.Formats.Kernels;

/// <summary>What SDK and appliance say of each <see cref="KernelStatus"/>.</summary>
public static class KernelStatusText
{
    /// <summary>What is wrong and how to mend it, to follow "vm NAME: ".</summary>
    public static ReadOnlySpan<byte> Of(KernelStatus status) => status switch
    {
        KernelStatus.Good => "kernel is good"u8,
        KernelStatus.NotElf => "kernel is not an ELF file; give the linked kernel, not compressed"u8,
        KernelStatus.ElfHeaderInvalid => "kernel's ELF header is not one of x86; copy it again"u8,
        KernelStatus.NotExecutable => "kernel is an ELF file but no executable; link it at a fixed address"u8,
        KernelStatus.NotX86 => "kernel is for another processor; give one for x86"u8,
        KernelStatus.ProgramHeadersInvalid => "kernel's ELF program headers are invalid; build or copy it again"u8,
        KernelStatus.SegmentsMissing => "kernel has no segment to load; link it again"u8,
        KernelStatus.TooManySegments => "kernel has more than 16 segments to load; link it with fewer"u8,
        KernelStatus.SegmentLengthInvalid => "kernel has a segment longer in the file than in memory; build or copy it again"u8,
        KernelStatus.Truncated => "kernel is shorter than its headers say; copy it again"u8,
        KernelStatus.AddressTooLow => "kernel wants to lie below 1 MiB; link it for a higher address"u8,
        KernelStatus.MemoryTooSmall => "kernel does not fit into the VM's memory; give the VM more, or link it lower"u8,
        KernelStatus.SegmentsOverlap => "kernel has segments that overlap; link it again"u8,
        KernelStatus.EntryOutside => "kernel's entry point is in none of its segments; link it again"u8,
        KernelStatus.NoteInvalid => "kernel's ELF notes are invalid; build or copy it again"u8,
        KernelStatus.NotPvh => "kernel has no PVH entry note (XEN_ELFNOTE_PHYS32_ENTRY); give a kernel built with PVH"u8,
        KernelStatus.NotMultiboot => "kernel has no Multiboot 1 header in its first 8 KiB; give a Multiboot kernel"u8,
        KernelStatus.VideoModeRequired => "kernel requires a video mode (Multiboot flag 2), and there is no screen; build it without"u8,
        KernelStatus.RequirementUnknown => "kernel requires what Multiboot 1 does not know (flags 3 to 15); build it without"u8,
        KernelStatus.LoadAddressesInvalid => "kernel's Multiboot header has addresses that contradict each other; link it again"u8,
        KernelStatus.ModulesTooLarge => "modules do not fit above the kernel; give the VM more memory"u8,
        _ => "kernel was refused for an unknown reason"u8,
    };
}
