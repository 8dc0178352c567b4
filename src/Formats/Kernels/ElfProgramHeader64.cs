using System.Runtime.InteropServices;

namespace Ember.Formats.Kernels;

/// <summary>Elf64_Phdr (System V ABI, "Program Header").</summary>
[StructLayout(LayoutKind.Explicit, Size = Size)]
internal struct ElfProgramHeader64
{
    public const int Size = 56;
    public const uint Load = 1;
    public const uint Note = 4;

    [FieldOffset(0)]
    public uint Type;

    [FieldOffset(8)]
    public ulong Offset;

    [FieldOffset(16)]
    public ulong VirtualAddress;

    [FieldOffset(24)]
    public ulong PhysicalAddress;

    [FieldOffset(32)]
    public ulong FileLength;

    [FieldOffset(40)]
    public ulong MemoryLength;

    [FieldOffset(48)]
    public ulong Alignment;
}
