using System.Runtime.InteropServices;
using Ember.Core.Machines.Maps;

namespace Ember.Core.Machines.Linux;

/// <summary>
/// struct boot_params, the "zero page" (Linux, Documentation/arch/x86/zero-page.rst), with the setup header in it
/// (boot.rst, "The Real-Mode Kernel Header"). The header is at the same offsets in a kernel image, so this describes the first
/// kilobyte of one too.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 4096)]
internal struct BootParameters
{
    /// <summary>Offset of the setup header.</summary>
    public const int HeaderOffset = 0x1F1;

    /// <summary>The setup header must end here.</summary>
    public const int HeaderLimit = 0x290;

    /// <summary>Offset of the table of <see cref="E820Entry"/>.</summary>
    public const int E820TableOffset = 0x2D0;

    public const ushort BootFlagValue = 0xAA55;

    /// <summary>"HdrS".</summary>
    public const uint MagicValue = 0x5372_6448;

    /// <summary>LOADED_HIGH in <see cref="LoadFlags"/>: a bzImage.</summary>
    public const byte LoadedHigh = 1 << 0;

    /// <summary>XLF_KERNEL_64 in <see cref="ExtendedLoadFlags"/>: there is a 64-bit entry point 0x200 bytes in.</summary>
    public const ushort Kernel64 = 1 << 0;

    [FieldOffset(0x070)]
    public ulong AcpiRsdpAddress;

    [FieldOffset(0x1E8)]
    public byte E820Entries;

    /// <summary>Sectors of real-mode code behind the first; 0 stands for 4.</summary>
    [FieldOffset(0x1F1)]
    public byte SetupSectors;

    /// <summary>Bytes of protected-mode code, in units of 16.</summary>
    [FieldOffset(0x1F4)]
    public uint SystemSize;

    [FieldOffset(0x1FA)]
    public ushort VideoMode;

    [FieldOffset(0x1FE)]
    public ushort BootFlag;

    /// <summary>The distance of a jump from 0x202 across the rest of the header: where the header ends.</summary>
    [FieldOffset(0x201)]
    public byte JumpDistance;

    [FieldOffset(0x202)]
    public uint Magic;

    /// <summary>The boot protocol, major number in the high byte.</summary>
    [FieldOffset(0x206)]
    public ushort Version;

    [FieldOffset(0x210)]
    public byte TypeOfLoader;

    [FieldOffset(0x211)]
    public byte LoadFlags;

    [FieldOffset(0x218)]
    public uint RamdiskImage;

    [FieldOffset(0x21C)]
    public uint RamdiskSize;

    [FieldOffset(0x228)]
    public uint CommandLinePointer;

    /// <summary>The highest address the initial RAM disk's last byte may have.</summary>
    [FieldOffset(0x22C)]
    public uint InitrdAddressMaximum;

    [FieldOffset(0x230)]
    public uint KernelAlignment;

    /// <summary>Not 0 if the kernel runs at any multiple of <see cref="KernelAlignment"/>.</summary>
    [FieldOffset(0x234)]
    public byte RelocatableKernel;

    [FieldOffset(0x236)]
    public ushort ExtendedLoadFlags;

    /// <summary>The longest command line, without its terminating zero.</summary>
    [FieldOffset(0x238)]
    public uint CommandLineSize;

    [FieldOffset(0x250)]
    public ulong SetupData;

    [FieldOffset(0x258)]
    public ulong PreferredAddress;

    /// <summary>Bytes the kernel needs from its start on before it knows the memory map.</summary>
    [FieldOffset(0x260)]
    public uint InitSize;
}
