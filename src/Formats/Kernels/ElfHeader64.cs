using System.Runtime.InteropServices;

namespace Ember.Formats.Kernels;

/// <summary>Elf64_Ehdr (System V ABI, "ELF Header"). The identification and the fields up to the version are Elf32_Ehdr's
/// too.</summary>
[StructLayout(LayoutKind.Explicit, Size = 64)]
internal struct ElfHeader64
{
    /// <summary>7Fh and "ELF".</summary>
    public const uint MagicValue = 0x464C_457F;

    public const byte Class32 = 1;
    public const byte Class64 = 2;
    public const byte LittleEndian = 1;
    public const uint CurrentVersion = 1;
    public const ushort Executable = 2;
    public const ushort I386 = 3;
    public const ushort X64 = 62;

    [FieldOffset(0)]
    public uint Magic;

    [FieldOffset(4)]
    public byte Class;

    [FieldOffset(5)]
    public byte ByteOrder;

    [FieldOffset(16)]
    public ushort Type;

    [FieldOffset(18)]
    public ushort Machine;

    [FieldOffset(20)]
    public uint Version;

    [FieldOffset(24)]
    public ulong Entry;

    [FieldOffset(32)]
    public ulong ProgramHeaderOffset;

    [FieldOffset(54)]
    public ushort ProgramHeaderSize;

    [FieldOffset(56)]
    public ushort ProgramHeaderCount;
}
