using System.Runtime.InteropServices;

namespace Ember.Formats.Kernels;

/// <summary>Elf32_Phdr (System V ABI, "Program Header").</summary>
[StructLayout(LayoutKind.Explicit, Size = Size)]
internal struct ElfProgramHeader32
{
    public const int Size = 32;

    [FieldOffset(0)]
    public uint Type;

    [FieldOffset(4)]
    public uint Offset;

    [FieldOffset(8)]
    public uint VirtualAddress;

    [FieldOffset(12)]
    public uint PhysicalAddress;

    [FieldOffset(16)]
    public uint FileLength;

    [FieldOffset(20)]
    public uint MemoryLength;

    [FieldOffset(28)]
    public uint Alignment;
}
