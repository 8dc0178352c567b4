namespace Ember.Formats.Kernels;

/// <summary>Whether and why not a PVH or Multiboot kernel can be loaded.</summary>
public enum KernelStatus : byte
{
    /// <summary>It can.</summary>
    Good,

    /// <summary>Does not begin with ELF's magic.</summary>
    NotElf,

    /// <summary>The ELF header is cut short, or of a class, byte order or version that x86 does not have.</summary>
    ElfHeaderInvalid,

    /// <summary>An ELF file that is no executable: an object, a library, a core dump.</summary>
    NotExecutable,

    /// <summary>An executable for another processor.</summary>
    NotX86,

    /// <summary>The program headers are outside the file, of another size, or too many.</summary>
    ProgramHeadersInvalid,

    /// <summary>Nothing is to be loaded.</summary>
    SegmentsMissing,

    /// <summary>More than <see cref="KernelImage.MaximumSegments"/> segments are to be loaded.</summary>
    TooManySegments,

    /// <summary>A segment has fewer bytes in memory than in the file.</summary>
    SegmentLengthInvalid,

    /// <summary>Something that a header announces is not wholly in the file.</summary>
    Truncated,

    /// <summary>A segment wants to lie in the first megabyte.</summary>
    AddressTooLow,

    /// <summary>A segment reaches beyond the guest's memory, or around the end of all addresses.</summary>
    MemoryTooSmall,

    /// <summary>Two segments share memory.</summary>
    SegmentsOverlap,

    /// <summary>The entry point is in no loaded part of the file.</summary>
    EntryOutside,

    /// <summary>An ELF note is longer than its segment, or the PVH entry's is neither 4 nor 8 bytes long.</summary>
    NoteInvalid,

    /// <summary>There is no ELF note with a PVH entry.</summary>
    NotPvh,

    /// <summary>There is no whole Multiboot header with a right checksum where it has to be.</summary>
    NotMultiboot,

    /// <summary>The kernel requires a video mode.</summary>
    VideoModeRequired,

    /// <summary>The kernel requires something of Multiboot that no version 1 defines.</summary>
    RequirementUnknown,

    /// <summary>The addresses in the Multiboot header contradict each other.</summary>
    LoadAddressesInvalid,

    /// <summary>The guest's memory has no room for the modules above the kernel.</summary>
    ModulesTooLarge,
}
