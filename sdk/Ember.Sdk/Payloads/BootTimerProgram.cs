using System;
using System.IO;
using System.Runtime.InteropServices;
using Ember.Formats;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Ember.Sdk.Payloads;

/// <summary>A Linux program of one page that tells the hypervisor that the guest has reached user space: it writes one byte to
/// the boot timer port and ends. Debian's cloud kernel has no /dev/port, and no script can reach a port without.</summary>
public static class BootTimerProgram
{
    /// <summary>The core's boot timer port.</summary>
    public const ushort Port = BootTimerPort.Number;

    private const ulong LoadAddress = 0x40_0000;
    private const int HeaderLength = 64;
    private const int SegmentLength = 56;
    private const int CodeOffset = HeaderLength + SegmentLength;
    private const int SystemCallIoPermission = 173;
    private const int SystemCallExit = 60;

    /// <summary>The program as an ELF file for x86-64. It exits with 0, or with 1 when the kernel denies it the port.</summary>
    public static byte[] Assemble()
    {
        byte[] code = AssembleCode();
        byte[] file = new byte[CodeOffset + code.Length];
        ElfHeader header = new()
        {
            Magic = 0x464C_457F,
            Class64 = 2,
            LittleEndian = 1,
            IdentVersion = 1,
            Type = 2,
            Machine = 62,
            Version = 1,
            Entry = LoadAddress + CodeOffset,
            SegmentsOffset = HeaderLength,
            HeaderLength = HeaderLength,
            SegmentLength = SegmentLength,
            SegmentCount = 1,
        };
        ElfSegment segment = new()
        {
            Type = 1,
            Flags = 5,
            Address = LoadAddress,
            PhysicalAddress = LoadAddress,
            FileLength = (ulong)file.Length,
            MemoryLength = (ulong)file.Length,
            Alignment = 0x1000,
        };
        MemoryMarshal.Write(file, header);
        MemoryMarshal.Write(file.AsSpan(HeaderLength), segment);
        code.CopyTo(file, CodeOffset);
        return file;
    }

    private static byte[] AssembleCode()
    {
        Assembler assembler = new(64);
        Label denied = assembler.CreateLabel();
        assembler.mov(eax, SystemCallIoPermission);
        assembler.mov(edi, Port);
        assembler.mov(esi, 1);
        assembler.mov(edx, 1);
        assembler.syscall();
        assembler.test(eax, eax);
        assembler.jne(denied);
        assembler.mov(edx, Port);
        assembler.mov(al, 1);
        assembler.@out(dx, al);
        assembler.xor(edi, edi);
        assembler.mov(eax, SystemCallExit);
        assembler.syscall();
        assembler.Label(ref denied);
        assembler.mov(edi, 1);
        assembler.mov(eax, SystemCallExit);
        assembler.syscall();
        using MemoryStream code = new();
        assembler.Assemble(new StreamCodeWriter(code), LoadAddress + CodeOffset);
        return code.ToArray();
    }

    /// <summary>Elf64_Ehdr of the System V ABI; what is not named here is zero.</summary>
    [StructLayout(LayoutKind.Explicit, Size = BootTimerProgram.HeaderLength)]
    private struct ElfHeader
    {
        [FieldOffset(0)]
        public uint Magic;

        [FieldOffset(4)]
        public byte Class64;

        [FieldOffset(5)]
        public byte LittleEndian;

        [FieldOffset(6)]
        public byte IdentVersion;

        [FieldOffset(16)]
        public ushort Type;

        [FieldOffset(18)]
        public ushort Machine;

        [FieldOffset(20)]
        public uint Version;

        [FieldOffset(24)]
        public ulong Entry;

        [FieldOffset(32)]
        public ulong SegmentsOffset;

        [FieldOffset(52)]
        public ushort HeaderLength;

        [FieldOffset(54)]
        public ushort SegmentLength;

        [FieldOffset(56)]
        public ushort SegmentCount;
    }

    /// <summary>Elf64_Phdr of the System V ABI; the file is mapped from its first byte.</summary>
    [StructLayout(LayoutKind.Explicit, Size = SegmentLength)]
    private struct ElfSegment
    {
        [FieldOffset(0)]
        public uint Type;

        [FieldOffset(4)]
        public uint Flags;

        [FieldOffset(16)]
        public ulong Address;

        [FieldOffset(24)]
        public ulong PhysicalAddress;

        [FieldOffset(32)]
        public ulong FileLength;

        [FieldOffset(40)]
        public ulong MemoryLength;

        [FieldOffset(48)]
        public ulong Alignment;
    }
}
