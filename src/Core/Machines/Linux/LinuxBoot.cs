using System;
using Ember.Core.Machines.Maps;
using Ember.Core.Memory;
using Ember.Core.Virtualization;
using Ember.Core.Virtualization.Decoding;

namespace Ember.Core.Machines.Linux;

/// <summary>
/// Puts a Linux kernel into a guest's memory, ready to be entered by the 64-bit boot protocol (Linux,
/// Documentation/arch/x86/boot.rst, "64-bit Boot Protocol").
/// </summary>
/// <remarks>
/// The kernel lies at its preferred address, the initial RAM disk as high as it may, and all else in the pages from
/// <see cref="ZeroPage"/> to <see cref="StackTop"/>, which are free memory to the kernel once it has looked at them.
/// </remarks>
internal static unsafe class LinuxBoot
{
    private const ulong ZeroPage = 0x2000;
    private const ulong Gdt = 0x3000;
    private const ulong CommandLine = 0x4000;
    private const ulong PageTables = 0x5000;
    private const ulong StackTop = 0xC000;

    private const ulong PageBytes = 0x1000;

    /// <summary>What the page tables map.</summary>
    private const ulong MappedEnd = 1UL << 32;

    private const int SectorBytes = 512;
    private const ushort OldestVersion = 0x020C;
    private const ulong EntryOffset = 0x200;
    private const byte UndefinedLoader = 0xFF;
    private const ushort NormalVideoMode = 0xFFFF;

    private const ushort CodeSelector = 0x10;
    private const ushort DataSelector = 0x18;
    private const ulong CodeDescriptor = 0x00AF_9B00_0000_FFFF;
    private const ulong DataDescriptor = 0x00CF_9300_0000_FFFF;

    /// <summary>Checks the images and loads them. Guest memory must be zero but for the ACPI tables.</summary>
    /// <param name="memory">The guest's RAM.</param>
    /// <param name="images">What to load.</param>
    /// <param name="entry">Where and how to enter the guest, if it was loaded.</param>
    /// <returns><see cref="LinuxBootStatus.Loaded"/>, or why nothing was written.</returns>
    public static LinuxBootStatus TryLoad(in GuestMemory memory, in LinuxImages images, out GuestEntry entry)
    {
        entry = default;
        LinuxBootStatus status = CheckKernel(images);
        if (status != LinuxBootStatus.Loaded)
        {
            return status;
        }

        BootParameters* header = (BootParameters*)images.Kernel;
        ulong codeLength = (ulong)header->SystemSize * 16;
        ulong memoryEnd = Math.Min(memory.Size, MappedEnd);
        ulong alignment = header->RelocatableKernel != 0 ? header->KernelAlignment : 1;
        if (header->PreferredAddress > memoryEnd)
        {
            return LinuxBootStatus.MemoryTooSmall;
        }

        ulong kernel = (header->PreferredAddress + alignment - 1) & ~(alignment - 1);
        ulong kernelEnd = kernel + Math.Max(header->InitSize, codeLength);
        if (kernelEnd > memoryEnd)
        {
            return LinuxBootStatus.MemoryTooSmall;
        }

        ulong initrdEnd = Math.Min(memoryEnd, (ulong)header->InitrdAddressMaximum + 1);
        if (initrdEnd < kernelEnd || images.InitrdLength > initrdEnd - kernelEnd)
        {
            return LinuxBootStatus.InitrdTooLarge;
        }

        ulong initrd = (initrdEnd - images.InitrdLength) & ~(PageBytes - 1);
        if (initrd < kernelEnd)
        {
            return LinuxBootStatus.InitrdTooLarge;
        }

        if (!memory.TryGetPointer(0, memoryEnd, out byte* origin))
        {
            return LinuxBootStatus.MemoryTooSmall;
        }

        Buffer.MemoryCopy(images.Kernel + SetupLength(header), origin + kernel, codeLength, codeLength);
        Buffer.MemoryCopy(images.Initrd, origin + initrd, images.InitrdLength, images.InitrdLength);
        images.CommandLine.CopyTo(new Span<byte>(origin + CommandLine, images.CommandLine.Length));
        WriteZeroPage((BootParameters*)(origin + ZeroPage), memory.Size, images, (uint)initrd);
        WritePageTables((ulong*)(origin + PageTables));
        ulong* descriptors = (ulong*)(origin + Gdt);
        descriptors[CodeSelector / 8] = CodeDescriptor;
        descriptors[DataSelector / 8] = DataDescriptor;
        entry.Mode = OperatingMode.Bits64;
        entry.Rip = kernel + EntryOffset;
        entry.Rsp = StackTop;
        entry.Rsi = ZeroPage;
        entry.Cr3 = PageTables;
        entry.GdtBase = Gdt;
        entry.GdtLimit = DataSelector + 7;
        entry.CodeSelector = CodeSelector;
        entry.DataSelector = DataSelector;
        return LinuxBootStatus.Loaded;
    }

    private static ulong SetupLength(BootParameters* header) =>
        (ulong)((header->SetupSectors == 0 ? 4 : header->SetupSectors) + 1) * SectorBytes;

    private static int HeaderEnd(BootParameters* header) => 0x202 + header->JumpDistance;

    private static LinuxBootStatus CheckKernel(in LinuxImages images)
    {
        // The shortest image has two sectors, and no header can be longer than that.
        BootParameters* header = (BootParameters*)images.Kernel;
        if (images.KernelLength < 2 * SectorBytes
            || header->BootFlag != BootParameters.BootFlagValue
            || header->Magic != BootParameters.MagicValue)
        {
            return LinuxBootStatus.NotLinux;
        }

        if (header->Version < OldestVersion)
        {
            return LinuxBootStatus.ProtocolTooOld;
        }

        if ((header->LoadFlags & BootParameters.LoadedHigh) == 0)
        {
            return LinuxBootStatus.NotBzImage;
        }

        if ((header->ExtendedLoadFlags & BootParameters.Kernel64) == 0)
        {
            return LinuxBootStatus.Not64Bit;
        }

        const int InitSizeEnd = 0x264;
        if (HeaderEnd(header) is < InitSizeEnd or > BootParameters.HeaderLimit)
        {
            return LinuxBootStatus.HeaderLengthInvalid;
        }

        ulong codeLength = (ulong)header->SystemSize * 16;
        if (codeLength <= EntryOffset)
        {
            return LinuxBootStatus.CodeMissing;
        }

        if (images.KernelLength < SetupLength(header) + codeLength)
        {
            return LinuxBootStatus.KernelTruncated;
        }

        uint alignment = header->KernelAlignment;
        if (header->RelocatableKernel != 0 && (alignment == 0 || (alignment & (alignment - 1)) != 0))
        {
            return LinuxBootStatus.AlignmentInvalid;
        }

        if (header->PreferredAddress < MemoryMap.HighMemory)
        {
            return LinuxBootStatus.AddressTooLow;
        }

        if (header->InitSize == 0)
        {
            return LinuxBootStatus.InitSizeMissing;
        }

        ulong commandLineLength = (ulong)(uint)images.CommandLine.Length;
        return commandLineLength > header->CommandLineSize || commandLineLength >= PageBytes
            ? LinuxBootStatus.CommandLineTooLong
            : LinuxBootStatus.Loaded;
    }

    private static void WriteZeroPage(BootParameters* parameters, ulong memorySize, in LinuxImages images, uint initrd)
    {
        int headerEnd = HeaderEnd((BootParameters*)images.Kernel);
        ulong headerLength = (ulong)(headerEnd - BootParameters.HeaderOffset);
        Buffer.MemoryCopy(
            images.Kernel + BootParameters.HeaderOffset,
            (byte*)parameters + BootParameters.HeaderOffset,
            headerLength,
            headerLength);
        parameters->AcpiRsdpAddress = images.Rsdp;
        parameters->TypeOfLoader = UndefinedLoader;
        parameters->VideoMode = NormalVideoMode;
        parameters->SetupData = 0;
        parameters->CommandLinePointer = (uint)CommandLine;
        parameters->RamdiskImage = images.InitrdLength == 0 ? 0 : initrd;
        parameters->RamdiskSize = (uint)images.InitrdLength;
        E820Entry* map = (E820Entry*)((byte*)parameters + BootParameters.E820TableOffset);
        for (int i = 0; i < MemoryMap.EntryCount; i++)
        {
            map[i] = MemoryMap.Entry(i, memorySize);
        }

        parameters->E820Entries = MemoryMap.EntryCount;
    }

    /// <summary>Maps the first 4 GiB to themselves in pages of 2 MiB, which every 64-bit processor has.</summary>
    private static void WritePageTables(ulong* level4)
    {
        const ulong Table = 0x3;
        const ulong LargePage = 0x83;
        const int Entries = 512;
        const ulong Level3 = PageTables + PageBytes;
        const ulong Level2 = Level3 + PageBytes;
        level4[0] = Level3 | Table;
        ulong* level3 = level4 + Entries;
        ulong* level2 = level3 + Entries;
        for (uint i = 0; i < 4; i++)
        {
            level3[i] = (Level2 + (i * PageBytes)) | Table;
        }

        for (uint i = 0; i < 4 * Entries; i++)
        {
            level2[i] = ((ulong)i << 21) | LargePage;
        }
    }
}
