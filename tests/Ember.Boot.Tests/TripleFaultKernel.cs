using System;
using System.Buffers.Binary;

namespace Ember.Boot.Tests;

/// <summary>
/// The smallest file that is a 64-bit Linux kernel by its header (Linux, Documentation/arch/x86/boot.rst): it loads an empty
/// interrupt descriptor table and raises #UD, which the processor can only answer with a triple fault.
/// </summary>
internal static class TripleFaultKernel
{
    private const int SectorLength = 512;
    private const int ProtectedModeStart = 2 * SectorLength;
    private const int Entry64 = 0x200;
    private const int ProtectedModeLength = 0x1000;

    // lidt [rip + 2]; ud2; then the table register's value: limit and base zero.
    private static ReadOnlySpan<byte> Code => [0x0F, 0x01, 0x1D, 2, 0, 0, 0, 0x0F, 0x0B, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    public static byte[] Build()
    {
        byte[] file = new byte[ProtectedModeStart + ProtectedModeLength];
        file[0x1F1] = 1; // setup_sects
        Write32(file, 0x1F4, ProtectedModeLength / 16); // syssize
        Write16(file, 0x1FE, 0xAA55); // boot_flag
        file[0x200] = 0xEB; // jump
        file[0x201] = 0x66;
        "HdrS"u8.CopyTo(file.AsSpan(0x202));
        Write16(file, 0x206, 0x020F); // version 2.15
        file[0x211] = 1; // loadflags: LOADED_HIGH
        Write32(file, 0x214, 0x100000); // code32_start
        Write32(file, 0x22C, 0x7FFF_FFFF); // initrd_addr_max
        Write32(file, 0x230, 0x200000); // kernel_alignment
        file[0x234] = 1; // relocatable_kernel
        file[0x235] = 21; // min_alignment, a power of two
        Write16(file, 0x236, 1); // xloadflags: XLF_KERNEL_64
        Write32(file, 0x238, 2047); // cmdline_size
        Write32(file, 0x258, 0x1000000); // pref_address
        Write32(file, 0x260, 0x200000); // init_size
        Code.CopyTo(file.AsSpan(ProtectedModeStart + Entry64));
        return file;
    }

    private static void Write16(byte[] file, int offset, ushort value) =>
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(offset), value);

    private static void Write32(byte[] file, int offset, uint value) =>
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(offset), value);
}
