namespace Ember.Formats.Kernels;

/// <summary>A piece of a kernel's file and where it goes; memory behind the piece is zero.</summary>
public struct KernelSegment
{
    /// <summary>Where it begins in the file.</summary>
    public ulong FileOffset;

    /// <summary>Its bytes in the file.</summary>
    public ulong FileLength;

    /// <summary>Guest-physical.</summary>
    public ulong Address;

    /// <summary>Its bytes in memory, no less than in the file.</summary>
    public ulong MemoryLength;
}
