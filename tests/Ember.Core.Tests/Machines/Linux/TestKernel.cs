using System;
using System.Buffers.Binary;

namespace Ember.Core.Tests.Machines.Linux;

/// <summary>Makes bzImages: a header, and code that is random numbers.</summary>
internal static class TestKernel
{
    public const int SetupSectors = 0x1F1;
    public const int SystemSize = 0x1F4;
    public const int BootFlag = 0x1FE;
    public const int JumpDistance = 0x201;
    public const int Magic = 0x202;
    public const int Version = 0x206;
    public const int LoadFlags = 0x211;
    public const int InitrdAddressMaximum = 0x22C;
    public const int KernelAlignment = 0x230;
    public const int Relocatable = 0x234;
    public const int ExtendedLoadFlags = 0x236;
    public const int CommandLineSize = 0x238;
    public const int SetupData = 0x250;
    public const int PreferredAddress = 0x258;
    public const int InitSize = 0x260;

    /// <summary>The header, from 0x1F1 on, of the kernel in Debian's linux-image-6.1.0-56-cloud-amd64.</summary>
    private const string DebianHeader =
        "27010020820D000000FFFF000055AAEB6A486472530F02000000000010C0420001008000001000000000000000000000"
        + "000000E05B000000000000FFFFFF7F0000200001157F00FF070000000000000000000000000000CC020000CC96D60000"
        + "00000000000000000000010000000000803703102FD7001CF9D700";

    /// <summary>An image of two sectors of setup and 4 KiB of code, for 2 MiB, needing 64 KiB.</summary>
    public static byte[] Small()
    {
        byte[] image = new byte[1024 + 4096];
        new Random(3).NextBytes(image.AsSpan(1024));
        image[SetupSectors] = 1;
        Put(image, SystemSize, 4096 / 16, 4);
        Put(image, BootFlag, 0xAA55, 2);
        image[0x200] = 0xEB;
        image[JumpDistance] = 0x6A;
        Put(image, Magic, 0x5372_6448, 4);
        Put(image, Version, 0x020F, 2);
        image[LoadFlags] = 1;
        Put(image, InitrdAddressMaximum, 0x7FFF_FFFF, 4);
        Put(image, KernelAlignment, 0x1000, 4);
        image[Relocatable] = 1;
        Put(image, ExtendedLoadFlags, 0x7F, 2);
        Put(image, CommandLineSize, 2047, 4);
        Put(image, SetupData, 0x1234_5678, 8);
        Put(image, PreferredAddress, 0x20_0000, 8);
        Put(image, InitSize, 0x1_0000, 4);
        return image;
    }

    /// <summary>An image with the header of a real kernel and as many bytes as it says.</summary>
    public static byte[] Debian()
    {
        byte[] header = Convert.FromHexString(DebianHeader);
        int setup = (header[0] + 1) * 512;
        int code = (int)BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(SystemSize - SetupSectors)) * 16;
        byte[] image = new byte[setup + code];
        new Random(4).NextBytes(image.AsSpan(setup));
        header.CopyTo(image, SetupSectors);
        return image;
    }

    public static void Put(byte[] image, int offset, ulong value, int size)
    {
        for (int i = 0; i < size; i++)
        {
            image[offset + i] = (byte)(value >> (8 * i));
        }
    }
}
