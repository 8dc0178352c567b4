using System.Runtime.InteropServices;

namespace Ember.Core.Machines.ProtectedMode;

/// <summary>What a Multiboot kernel is told (Multiboot Specification 0.6.96, 3.3).</summary>
[StructLayout(LayoutKind.Explicit, Size = 116)]
internal struct MultibootInformation
{
    /// <summary>In EAX at the entry.</summary>
    public const uint BootLoaderMagic = 0x2BAD_B002;

    /// <summary>In <see cref="Flags"/>: the memory's size, command line, modules and memory map are valid.</summary>
    public const uint Given = (1 << 0) | (1 << 2) | (1 << 3) | (1 << 6);

    [FieldOffset(0)]
    public uint Flags;

    /// <summary>KiB from 0 on.</summary>
    [FieldOffset(4)]
    public uint LowMemory;

    /// <summary>KiB from 1 MiB on.</summary>
    [FieldOffset(8)]
    public uint HighMemory;

    [FieldOffset(16)]
    public uint CommandLine;

    [FieldOffset(20)]
    public uint ModuleCount;

    /// <summary>Of <see cref="MultibootModule"/>.</summary>
    [FieldOffset(24)]
    public uint Modules;

    /// <summary>In bytes.</summary>
    [FieldOffset(44)]
    public uint MemoryMapLength;

    /// <summary>Of <see cref="MultibootMemoryRange"/>.</summary>
    [FieldOffset(48)]
    public uint MemoryMap;
}
