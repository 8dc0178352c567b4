namespace Ember.Core.Machines.Linux;

/// <summary>Whether and why not a Linux kernel could be loaded.</summary>
public enum LinuxBootStatus : byte
{
    Loaded,

    /// <summary>Too short for a header, or the header's magic numbers are not there.</summary>
    NotLinux,

    /// <summary>The boot protocol is older than 2.12.</summary>
    ProtocolTooOld,

    /// <summary>A zImage, which runs in low memory.</summary>
    NotBzImage,

    /// <summary>The kernel has no 64-bit entry point.</summary>
    Not64Bit,

    /// <summary>The header ends before its known fields do, or reaches into the next part of the zero page.</summary>
    HeaderLengthInvalid,

    /// <summary>The header announces no code behind the setup sectors.</summary>
    CodeMissing,

    /// <summary>The image is shorter than its header says.</summary>
    KernelTruncated,

    /// <summary>A relocatable kernel whose alignment is not a power of two.</summary>
    AlignmentInvalid,

    /// <summary>The kernel wants to lie in the first megabyte.</summary>
    AddressTooLow,

    /// <summary>The kernel does not say how much memory it needs.</summary>
    InitSizeMissing,

    /// <summary>The guest's memory does not hold the kernel where it has to lie.</summary>
    MemoryTooSmall,

    /// <summary>The command line is longer than this kernel, or this loader, takes.</summary>
    CommandLineTooLong,

    /// <summary>The guest's memory has no room for the initial RAM disk above the kernel.</summary>
    InitrdTooLarge,
}
