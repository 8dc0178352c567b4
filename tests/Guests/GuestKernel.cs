using System;
using System.Buffers.Binary;
using System.IO;
using Iced.Intel;

namespace Ember.Guests;

/// <summary>A file that is a 64-bit Linux kernel by its header (Linux, Documentation/arch/x86/boot.rst) and runs the given code.</summary>
public static class GuestKernel
{
    private const int SectorLength = 512;
    private const int ProtectedModeStart = 2 * SectorLength;
    private const int Entry64 = 0x200;
    private const int ProtectedModeLength = 0x2000;
    private const ulong PreferredAddress = 0x100_0000;

    /// <summary>Assembles a kernel. It is entered in 64-bit mode at privilege level 0, memory mapped one to one, with a stack of 2 KiB.</summary>
    /// <param name="emit">Emits the code.</param>
    public static byte[] Build(Action<Assembler> emit)
    {
        var assembler = new Assembler(64);
        Label stackTop = assembler.CreateLabel();
        assembler.lea(AssemblerRegisters.rsp, AssemblerRegisters.__[stackTop]);
        emit(assembler);
        assembler.db(new byte[2048]);
        assembler.Label(ref stackTop);
        assembler.dq(0);
        using var code = new MemoryStream();
        assembler.Assemble(new StreamCodeWriter(code), PreferredAddress + Entry64);

        byte[] file = new byte[ProtectedModeStart + ProtectedModeLength];
        file[0x1F1] = 1; // setup_sects
        Write32(file, 0x1F4, ProtectedModeLength / 16); // syssize
        Write16(file, 0x1FE, 0xAA55); // boot_flag
        file[0x200] = 0xEB; // jump
        file[0x201] = 0x66;
        "HdrS"u8.CopyTo(file.AsSpan(0x202));
        Write16(file, 0x206, 0x020F); // version 2.15
        file[0x211] = 1; // loadflags: LOADED_HIGH
        Write32(file, 0x214, 0x10_0000); // code32_start
        Write32(file, 0x22C, 0x7FFF_FFFF); // initrd_addr_max
        Write32(file, 0x230, 0x20_0000); // kernel_alignment
        file[0x234] = 1; // relocatable_kernel
        file[0x235] = 21; // min_alignment, a power of two
        Write16(file, 0x236, 1); // xloadflags: XLF_KERNEL_64
        Write32(file, 0x238, 2047); // cmdline_size
        Write32(file, 0x258, (uint)PreferredAddress); // pref_address
        Write32(file, 0x260, 0x20_0000); // init_size
        code.ToArray().CopyTo(file, ProtectedModeStart + Entry64);
        return file;
    }

    private static void Write16(byte[] file, int offset, ushort value) =>
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(offset), value);

    private static void Write32(byte[] file, int offset, uint value) =>
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(offset), value);
}
