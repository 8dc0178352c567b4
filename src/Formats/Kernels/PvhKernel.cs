using System;

namespace Ember.Formats.Kernels;

/// <summary>
/// Reads a kernel with a PVH entry (Xen, docs/misc/pvh.pandoc): an ELF executable with a note that says where it is entered in
/// 32-bit protected mode.
/// </summary>
internal static class PvhKernel
{
    /// <summary>XEN_ELFNOTE_PHYS32_ENTRY (Xen, xen/include/public/elfnote.h).</summary>
    private const uint Physical32Entry = 18;

    /// <summary>"Xen" and its zero.</summary>
    private const uint Xen = 0x006E_6558;

    private const uint XenLength = 4;
    private const uint NoteHeaderLength = 12;

    // No kernel has a tenth of it; what searching takes is limited so.
    private const ulong MaximumNotesLength = 64 * 1024;

    public static KernelStatus Read(ReadOnlySpan<byte> file, ref KernelImage image)
    {
        KernelStatus status = ElfFile.TryOpen(file, out ElfFile elf);
        ulong entry = 0;
        if (status == KernelStatus.Good)
        {
            status = FindEntry(new FileBytes(file), in elf, out entry);
        }

        if (status == KernelStatus.Good)
        {
            status = elf.AddSegments(ref image);
        }

        return status == KernelStatus.Good ? image.SetEntry(entry) : status;
    }

    private static KernelStatus FindEntry(FileBytes file, in ElfFile elf, out ulong entry)
    {
        entry = 0;
        KernelStatus status = KernelStatus.NotPvh;
        for (int i = 0; i < elf.ProgramHeaderCount && status == KernelStatus.NotPvh; i++)
        {
            ElfProgramHeader64 header = elf.ProgramHeader(i);
            if (header.Type == ElfProgramHeader64.Note)
            {
                status = FindEntry(file, in header, out entry);
            }
        }

        return status;
    }

    private static KernelStatus FindEntry(FileBytes file, in ElfProgramHeader64 segment, out ulong entry)
    {
        entry = 0;
        if (!file.Contains(segment.Offset, segment.FileLength))
        {
            return KernelStatus.Truncated;
        }

        if (segment.FileLength > MaximumNotesLength)
        {
            return KernelStatus.NoteInvalid;
        }

        uint alignment = segment.Alignment == 8 ? 8u : 4u;
        ulong position = 0;
        while (position + NoteHeaderLength <= segment.FileLength)
        {
            file.TryRead(segment.Offset + position, out NoteHeader note);
            ulong start = Align(position + NoteHeaderLength + note.NameLength, alignment);
            ulong end = start + note.Length;
            if (end > segment.FileLength)
            {
                return KernelStatus.NoteInvalid;
            }

            if (note.Type == Physical32Entry
                && note.NameLength == XenLength
                && file.TryRead(segment.Offset + position + NoteHeaderLength, out uint name)
                && name == Xen)
            {
                return TryReadAddress(file, segment.Offset + start, note.Length, out entry)
                    ? KernelStatus.Good
                    : KernelStatus.NoteInvalid;
            }

            position = Align(end, alignment);
        }

        return KernelStatus.NotPvh;
    }

    private static bool TryReadAddress(FileBytes file, ulong offset, uint length, out ulong address)
    {
        if (length == sizeof(ulong))
        {
            return file.TryRead(offset, out address);
        }

        bool read = file.TryRead(offset, out uint narrow);
        address = narrow;
        return read && length == sizeof(uint);
    }

    private static ulong Align(ulong value, uint alignment) => (value + alignment - 1) & ~(ulong)(alignment - 1);

    /// <summary>Elf64_Nhdr; Elf32_Nhdr is the same.</summary>
    private struct NoteHeader
    {
        public uint NameLength;
        public uint Length;
        public uint Type;
    }
}
