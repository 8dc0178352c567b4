using System.Runtime.InteropServices;

namespace Ember.Formats.Kernels;

/// <summary>The header of a Multiboot kernel (Multiboot Specification 0.6.96, 3.1).</summary>
[StructLayout(LayoutKind.Explicit, Size = Size)]
internal struct MultibootHeader
{
    /// <summary>Bytes with the addresses of <see cref="HasAddresses"/>.</summary>
    public const int Size = 32;

    /// <summary>Bytes without them.</summary>
    public const int ShortSize = 12;

    public const uint MagicValue = 0x1BAD_B002;

    /// <summary>In <see cref="Flags"/>: wants a video mode.</summary>
    public const uint VideoMode = 1 << 2;

    /// <summary>In <see cref="Flags"/>: what a loader that does not know it must refuse.</summary>
    public const uint Required = 0xFFFF;

    /// <summary>In <see cref="Flags"/>: modules on page boundaries and the memory's size, which are always given.</summary>
    public const uint Given = (1 << 0) | (1 << 1);

    /// <summary>In <see cref="Flags"/>: the addresses below are valid, and are taken instead of ELF's.</summary>
    public const uint HasAddresses = 1 << 16;

    [FieldOffset(0)]
    public uint Magic;

    [FieldOffset(4)]
    public uint Flags;

    /// <summary>Makes the sum of the first three fields zero.</summary>
    [FieldOffset(8)]
    public uint Checksum;

    /// <summary>Where this header lies in memory.</summary>
    [FieldOffset(12)]
    public uint HeaderAddress;

    [FieldOffset(16)]
    public uint LoadAddress;

    /// <summary>0 for the end of the file.</summary>
    [FieldOffset(20)]
    public uint LoadEnd;

    /// <summary>0 for none.</summary>
    [FieldOffset(24)]
    public uint ZeroedEnd;

    [FieldOffset(28)]
    public uint EntryAddress;
}
