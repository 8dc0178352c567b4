using System;
using System.Buffers.Binary;

namespace Ember.Guests;

/// <summary>An ELF executable for x86 with one segment to load, and a PVH entry if it is asked for (System V ABI, "Object Files").</summary>
public sealed record GuestElf
{
    /// <summary>Where the segment begins in the file.</summary>
    public const int ContentOffset = 0x1000;

    private const uint PvhEntryNote = 18;

    /// <summary>The segment.</summary>
    public required byte[] Content { get; init; }

    /// <summary>Where it is loaded, and where its code runs unless <see cref="VirtualOffset"/> says otherwise.</summary>
    public required uint Address { get; init; }

    /// <summary>Zeroed bytes behind the content.</summary>
    public uint ZeroedLength { get; init; }

    /// <summary>The entry point's physical address.</summary>
    public uint Entry { get; init; }

    /// <summary>What the virtual addresses are above the physical ones.</summary>
    public uint VirtualOffset { get; init; }

    /// <summary>An ELF64 file for x86-64, not an ELF32 file for i386.</summary>
    public bool Is64 { get; init; }

    /// <summary>With a note that gives <see cref="Entry"/> as PVH entry.</summary>
    public bool HasPvhNote { get; init; }

    /// <summary>Where the program headers begin.</summary>
    public int HeaderLength => Is64 ? 64 : 52;

    /// <summary>Bytes of a program header.</summary>
    public int ProgramHeaderLength => Is64 ? 56 : 32;

    /// <summary>Where the note begins.</summary>
    public int NoteOffset => HeaderLength + (2 * ProgramHeaderLength);

    /// <summary>The file.</summary>
    public byte[] Build()
    {
        byte[] file = new byte[ContentOffset + Content.Length];
        new byte[] { 0x7F, (byte)'E', (byte)'L', (byte)'F', (byte)(Is64 ? 2 : 1), 1, 1 }.CopyTo(file, 0);
        Write16(file, 16, 2); // ET_EXEC
        Write16(file, 18, (ushort)(Is64 ? 62 : 3)); // EM_X86_64, EM_386
        Write32(file, 20, 1);
        Write32(file, 24, Entry + VirtualOffset);
        Write32(file, Is64 ? 32 : 28, (uint)HeaderLength);
        int sizes = Is64 ? 52 : 40;
        Write16(file, sizes, (ushort)HeaderLength);
        Write16(file, sizes + 2, (ushort)ProgramHeaderLength);
        Write16(file, sizes + 4, (ushort)(HasPvhNote ? 2 : 1));
        WriteProgramHeader(file, 0, 1, ContentOffset, Address, Content.Length, (uint)Content.Length + ZeroedLength); // PT_LOAD
        if (HasPvhNote)
        {
            WriteProgramHeader(file, 1, 4, NoteOffset, 0, 20, 20); // PT_NOTE
            Write32(file, NoteOffset, 4);
            Write32(file, NoteOffset + 4, 4);
            Write32(file, NoteOffset + 8, PvhEntryNote);
            "Xen\0"u8.CopyTo(file.AsSpan(NoteOffset + 12));
            Write32(file, NoteOffset + 16, Entry);
        }

        Content.CopyTo(file, ContentOffset);
        return file;
    }

    private void WriteProgramHeader(byte[] file, int index, uint type, int offset, uint address, int length, uint memoryLength)
    {
        int at = HeaderLength + (index * ProgramHeaderLength);
        int word = Is64 ? 8 : 4;
        Write32(file, at, type);
        int fields = at + word;
        uint[] values = [(uint)offset, address + VirtualOffset, address, (uint)length, memoryLength];
        foreach (uint value in values)
        {
            Write32(file, fields, value);
            fields += word;
        }

        Write32(file, at + ProgramHeaderLength - word, 4); // p_align
    }

    private static void Write16(byte[] file, int offset, ushort value) =>
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(offset), value);

    private static void Write32(byte[] file, int offset, uint value) =>
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(offset), value);
}
