using System;

namespace Ember.Formats.Kernels;

/// <summary>An x86 executable in ELF, of 32 or 64 bits.</summary>
internal readonly ref struct ElfFile
{
    private const int MaximumProgramHeaders = 64;

    private readonly FileBytes _bytes;
    private readonly ulong _programHeaders;
    private readonly bool _is64;

    private ElfFile(FileBytes bytes, bool is64, ulong entry, ulong programHeaders, int count)
    {
        _bytes = bytes;
        _is64 = is64;
        Entry = entry;
        _programHeaders = programHeaders;
        ProgramHeaderCount = count;
    }

    /// <summary>The address of the first instruction, as the linker saw it.</summary>
    public ulong Entry { get; }

    public int ProgramHeaderCount { get; }

    /// <summary>Checks the header, and that the program headers are in the file.</summary>
    public static KernelStatus TryOpen(ReadOnlySpan<byte> file, out ElfFile elf)
    {
        elf = default;
        FileBytes bytes = new(file);
        if (!bytes.TryRead(0, out uint magic) || magic != ElfHeader64.MagicValue)
        {
            return KernelStatus.NotElf;
        }

        if (!bytes.TryRead(0, out ElfHeader64 header)
            || header.Class is not (ElfHeader64.Class32 or ElfHeader64.Class64)
            || header.ByteOrder != ElfHeader64.LittleEndian
            || header.Version != ElfHeader64.CurrentVersion)
        {
            return KernelStatus.ElfHeaderInvalid;
        }

        if (header.Type != ElfHeader64.Executable)
        {
            return KernelStatus.NotExecutable;
        }

        bool is64 = header.Class == ElfHeader64.Class64;
        if (header.Machine != (is64 ? ElfHeader64.X64 : ElfHeader64.I386))
        {
            return KernelStatus.NotX86;
        }

        int size = ElfProgramHeader64.Size;
        if (!is64)
        {
            bytes.TryRead(0, out ElfHeader32 narrow);
            header.Entry = narrow.Entry;
            header.ProgramHeaderOffset = narrow.ProgramHeaderOffset;
            header.ProgramHeaderSize = narrow.ProgramHeaderSize;
            header.ProgramHeaderCount = narrow.ProgramHeaderCount;
            size = ElfProgramHeader32.Size;
        }

        int count = header.ProgramHeaderCount;
        if (header.ProgramHeaderSize != size
            || count > MaximumProgramHeaders
            || !bytes.Contains(header.ProgramHeaderOffset, (ulong)(count * size)))
        {
            return KernelStatus.ProgramHeadersInvalid;
        }

        elf = new ElfFile(bytes, is64, header.Entry, header.ProgramHeaderOffset, count);
        return KernelStatus.Good;
    }

    /// <summary>A program header, widened if it is one of 32 bits.</summary>
    /// <param name="index">0 to <see cref="ProgramHeaderCount"/> - 1.</param>
    public ElfProgramHeader64 ProgramHeader(int index)
    {
        if (_is64)
        {
            _bytes.TryRead(_programHeaders + (ulong)(index * ElfProgramHeader64.Size), out ElfProgramHeader64 header);
            return header;
        }

        _bytes.TryRead(_programHeaders + (ulong)(index * ElfProgramHeader32.Size), out ElfProgramHeader32 narrow);
        return new ElfProgramHeader64
        {
            Type = narrow.Type,
            Offset = narrow.Offset,
            VirtualAddress = narrow.VirtualAddress,
            PhysicalAddress = narrow.PhysicalAddress,
            FileLength = narrow.FileLength,
            MemoryLength = narrow.MemoryLength,
            Alignment = narrow.Alignment,
        };
    }

    /// <summary>Adds all that is to be loaded to an image, at its physical addresses.</summary>
    public KernelStatus AddSegments(ref KernelImage image)
    {
        for (int i = 0; i < ProgramHeaderCount; i++)
        {
            ElfProgramHeader64 header = ProgramHeader(i);
            if (header.Type != ElfProgramHeader64.Load || (header.MemoryLength | header.FileLength) == 0)
            {
                continue;
            }

            KernelStatus status = image.Add(new KernelSegment
            {
                FileOffset = header.Offset,
                FileLength = header.FileLength,
                Address = header.PhysicalAddress,
                MemoryLength = header.MemoryLength,
            });
            if (status != KernelStatus.Good)
            {
                return status;
            }
        }

        return image.SegmentCount == 0 ? KernelStatus.SegmentsMissing : KernelStatus.Good;
    }
}
