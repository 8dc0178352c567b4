using System;

namespace Ember.Formats.Kernels;

/// <summary>
/// Reads a Multiboot 1 kernel (Multiboot Specification 0.6.96): an ELF executable, or any file whose Multiboot header has the
/// addresses.
/// </summary>
internal static class MultibootKernel
{
    /// <summary>The header lies wholly before.</summary>
    private const ulong SearchLength = 8192;

    private const uint SearchStep = 4;

    public static KernelStatus Read(ReadOnlySpan<byte> file, ref KernelImage image)
    {
        FileBytes bytes = new(file);
        if (!TryFind(bytes, out ulong offset, out MultibootHeader header))
        {
            return KernelStatus.NotMultiboot;
        }

        uint unmet = header.Flags & MultibootHeader.Required & ~MultibootHeader.Given;
        if (unmet != 0)
        {
            return unmet == MultibootHeader.VideoMode ? KernelStatus.VideoModeRequired : KernelStatus.RequirementUnknown;
        }

        return (header.Flags & MultibootHeader.HasAddresses) != 0
            ? ReadFlat(in header, offset, (ulong)file.Length, ref image)
            : ReadElf(file, ref image);
    }

    private static bool TryFind(FileBytes bytes, out ulong offset, out MultibootHeader header)
    {
        for (offset = 0; offset + MultibootHeader.ShortSize <= SearchLength; offset += SearchStep)
        {
            if (!bytes.TryRead(offset, out ShortHeader found))
            {
                break;
            }

            if (found.Magic != MultibootHeader.MagicValue || found.Magic + found.Flags + found.Checksum != 0)
            {
                continue;
            }

            header = new MultibootHeader { Flags = found.Flags };
            return (found.Flags & MultibootHeader.HasAddresses) == 0
                || (offset + MultibootHeader.Size <= SearchLength && bytes.TryRead(offset, out header));
        }

        header = default;
        return false;
    }

    private static KernelStatus ReadFlat(in MultibootHeader header, ulong offset, ulong fileLength, ref KernelImage image)
    {
        ulong before = (ulong)header.HeaderAddress - header.LoadAddress;
        if (header.LoadAddress > header.HeaderAddress || before > offset)
        {
            return KernelStatus.LoadAddressesInvalid;
        }

        ulong start = offset - before;
        ulong length = header.LoadEnd == 0 ? fileLength - start : (ulong)header.LoadEnd - header.LoadAddress;
        ulong zeroed = header.ZeroedEnd == 0 ? length : (ulong)header.ZeroedEnd - header.LoadAddress;
        if ((header.LoadEnd != 0 && header.LoadEnd < header.LoadAddress)
            || (header.ZeroedEnd != 0 && (header.ZeroedEnd < header.LoadAddress || zeroed < length)))
        {
            return KernelStatus.LoadAddressesInvalid;
        }

        KernelStatus status = image.Add(new KernelSegment
        {
            FileOffset = start,
            FileLength = length,
            Address = header.LoadAddress,
            MemoryLength = zeroed,
        });
        return status == KernelStatus.Good ? image.SetEntry(header.EntryAddress) : status;
    }

    private static KernelStatus ReadElf(ReadOnlySpan<byte> file, ref KernelImage image)
    {
        KernelStatus status = ElfFile.TryOpen(file, out ElfFile elf);
        if (status == KernelStatus.Good)
        {
            status = elf.AddSegments(ref image);
        }

        return status == KernelStatus.Good ? image.SetEntry(PhysicalEntry(in elf)) : status;
    }

    /// <summary>A linker gives the entry's virtual address if the kernel lies elsewhere than it is loaded.</summary>
    private static ulong PhysicalEntry(in ElfFile elf)
    {
        for (int i = 0; i < elf.ProgramHeaderCount; i++)
        {
            ElfProgramHeader64 header = elf.ProgramHeader(i);
            if (header.Type == ElfProgramHeader64.Load
                && elf.Entry >= header.VirtualAddress
                && elf.Entry - header.VirtualAddress < header.FileLength)
            {
                return elf.Entry - header.VirtualAddress + header.PhysicalAddress;
            }
        }

        return elf.Entry;
    }

    private struct ShortHeader
    {
        public uint Magic;
        public uint Flags;
        public uint Checksum;
    }
}
