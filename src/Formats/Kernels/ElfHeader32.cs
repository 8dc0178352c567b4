using System.Runtime.InteropServices;

namespace Ember.Formats.Kernels;

/// <summary>Elf32_Ehdr (System V ABI, "ELF Header"), where it differs from <see cref="ElfHeader64"/>.</summary>
[StructLayout(LayoutKind.Explicit, Size = 52)]
internal struct ElfHeader32
{
    [FieldOffset(24)]
    public uint Entry;

    [FieldOffset(28)]
    public uint ProgramHeaderOffset;

    [FieldOffset(42)]
    public ushort ProgramHeaderSize;

    [FieldOffset(44)]
    public ushort ProgramHeaderCount;
}
