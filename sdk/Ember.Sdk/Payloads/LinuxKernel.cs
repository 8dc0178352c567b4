using System;
using System.Buffers.Binary;
using System.IO;

namespace Ember.Sdk.Payloads;

/// <summary>What the setup header of a bzImage says. Offsets and names are those of Linux,
/// Documentation/arch/x86/boot.rst, "The Real-Mode Kernel Header".</summary>
/// <param name="ProtocolVersion">The boot protocol's version, 0x020F for 2.15.</param>
/// <param name="InitializationBytes">init_size: the memory the kernel needs, from where it is loaded, until it reads its
/// memory map.</param>
public sealed record LinuxKernel(int ProtocolVersion, long InitializationBytes)
{
    private const int HeaderEnd = 0x268;
    private const int SetupSectors = 0x1F1;
    private const int SystemSize = 0x1F4;
    private const int BootFlag = 0x1FE;
    private const int HeaderMagic = 0x202;
    private const int Version = 0x206;
    private const int ExtendedLoadFlags = 0x236;
    private const int InitializationSize = 0x260;
    private const int SectorLength = 512;
    private const int OldestVersion = 0x20C;
    private const int Kernel64 = 1;

    /// <summary>Reads the setup header of a kernel and checks that the file is whole.</summary>
    /// <param name="file">The kernel.</param>
    /// <param name="fault">What is wrong with it, when the result is null.</param>
    public static LinuxKernel? TryRead(string file, out string fault)
    {
        using FileStream stream = File.OpenRead(file);
        byte[] header = new byte[HeaderEnd];
        if (stream.ReadAtLeast(header, HeaderEnd, throwOnEndOfStream: false) < HeaderEnd)
        {
            fault = $"is truncated: {stream.Length} bytes are less than a kernel's header";
            return null;
        }

        if (BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(BootFlag)) != 0xAA55
            || !header.AsSpan(HeaderMagic, 4).SequenceEqual("HdrS"u8))
        {
            fault = "is not a Linux bzImage: its header has no 'HdrS'; boot = \"pvh\" or \"multiboot\" starts others";
            return null;
        }

        int version = BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(Version));
        if (version < OldestVersion || (header[ExtendedLoadFlags] & Kernel64) == 0)
        {
            fault = "has no 64-bit entry; an x86-64 kernel of Linux 3.8 or later is needed";
            return null;
        }

        int setupSectors = header[SetupSectors] == 0 ? 4 : header[SetupSectors];
        long whole = ((setupSectors + 1) * SectorLength)
            + (BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(SystemSize)) * 16L);
        if (stream.Length < whole)
        {
            fault = $"is truncated: {stream.Length} bytes of {whole}";
            return null;
        }

        fault = "";
        return new LinuxKernel(version, BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(InitializationSize)));
    }
}
