using System;
using System.Buffers.Binary;
using System.Text;
using Ember.Formats.Kernels;
using Ember.Formats.Plans;
using Ember.Guests;

namespace Ember.Formats.Tests.Kernels;

public sealed class PvhKernelTests
{
    private const ulong Memory = 16 << 20;
    private const uint Address = 0x20_0000;

    private static readonly GuestElf _elf64 = new()
    {
        Content = new byte[0x100],
        Address = Address,
        ZeroedLength = 0x400,
        Entry = Address + 0x40,
        VirtualOffset = 0x4000_0000,
        Is64 = true,
        HasPvhNote = true,
    };

    private static readonly GuestElf _elf32 = _elf64 with { Is64 = false };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Segment_and_entry_are_the_physical_ones(bool is64)
    {
        Assert.Equal(KernelStatus.Good, Read((_elf64 with { Is64 = is64 }).Build(), out KernelImage image));
        Assert.Equal((1, Address + 0x40, (ulong)Address + 0x500), (image.SegmentCount, image.Entry, image.End));
        KernelSegment segment = image.Segment(0);
        Assert.Equal((0x1000ul, 0x100ul), (segment.FileOffset, segment.FileLength));
        Assert.Equal((Address, 0x500ul), (segment.Address, segment.MemoryLength));
    }

    /// <summary>One wrong field of the ELF64 file; offsets are those of the System V ABI.</summary>
    [Theory]
    [InlineData(0, 0x464C_457Eu, KernelStatus.NotElf)]
    [InlineData(4, 0x0001_0103u, KernelStatus.ElfHeaderInvalid)]
    [InlineData(4, 0x0001_0202u, KernelStatus.ElfHeaderInvalid)]
    [InlineData(20, 2u, KernelStatus.ElfHeaderInvalid)]
    [InlineData(16, 0x003E_0003u, KernelStatus.NotExecutable)]
    [InlineData(16, 0x003E_0001u, KernelStatus.NotExecutable)]
    [InlineData(16, 0x00B7_0002u, KernelStatus.NotX86)]
    [InlineData(16, 0x0003_0002u, KernelStatus.NotX86)]
    [InlineData(32, 0xFFFF_FFF0u, KernelStatus.ProgramHeadersInvalid)]
    [InlineData(36, 0xFFFF_FFFFu, KernelStatus.ProgramHeadersInvalid)]
    [InlineData(54, 0x0002_0039u, KernelStatus.ProgramHeadersInvalid)]
    [InlineData(56, 65u, KernelStatus.ProgramHeadersInvalid)]
    [InlineData(56, 0u, KernelStatus.NotPvh)]
    [InlineData(56, 1u, KernelStatus.NotPvh)]
    [InlineData(64, 0u, KernelStatus.SegmentsMissing)]
    [InlineData(64 + 8, 0x1001u, KernelStatus.Truncated)]
    [InlineData(64 + 12, 0xFFFF_FFFFu, KernelStatus.Truncated)]
    [InlineData(64 + 24, 0xF_FFFFu, KernelStatus.AddressTooLow)]
    [InlineData(64 + 24, 0xFF_FB01u, KernelStatus.MemoryTooSmall)]
    [InlineData(64 + 28, 0xFFFF_FFFFu, KernelStatus.MemoryTooSmall)]
    [InlineData(64 + 32, 0x501u, KernelStatus.SegmentLengthInvalid)]
    [InlineData(64 + 32, 0x101u, KernelStatus.Truncated)]
    [InlineData(64 + 32, 0x40u, KernelStatus.EntryOutside)]
    [InlineData(64 + 44, 0xFFFF_FFFFu, KernelStatus.MemoryTooSmall)]
    [InlineData(120 + 8, 0x1100u, KernelStatus.Truncated)]
    [InlineData(120 + 12, 0xFFFF_FFFFu, KernelStatus.Truncated)]
    [InlineData(120 + 32, 19u, KernelStatus.NoteInvalid)]
    [InlineData(120 + 32, 11u, KernelStatus.NotPvh)]
    [InlineData(176, 5u, KernelStatus.NoteInvalid)]
    [InlineData(176, 0xFFFF_FFFFu, KernelStatus.NoteInvalid)]
    [InlineData(180, 3u, KernelStatus.NoteInvalid)]
    [InlineData(180, 0u, KernelStatus.NoteInvalid)]
    [InlineData(180, 0xFFFF_FFFFu, KernelStatus.NoteInvalid)]
    [InlineData(184, 17u, KernelStatus.NotPvh)]
    [InlineData(188, 0x016E_6558u, KernelStatus.NotPvh)]
    [InlineData(192, Address - 1, KernelStatus.EntryOutside)]
    [InlineData(192, Address + 0x100, KernelStatus.EntryOutside)]
    public void A_wrong_field_is_named(int offset, uint value, KernelStatus expected)
    {
        byte[] file = _elf64.Build();
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(offset), value);
        Assert.Equal(expected, Read(file, out KernelImage image));
        Assert.Equal((0, 0u), (image.SegmentCount, image.Entry));
    }

    [Theory]
    [InlineData(16, 0x003E_0002u)]
    [InlineData(42, 0x0001_0040u)]
    public void A_32_bit_file_has_fields_of_its_own(int offset, uint value)
    {
        byte[] file = _elf32.Build();
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(offset), value);
        Assert.Equal(offset == 16 ? KernelStatus.NotX86 : KernelStatus.ProgramHeadersInvalid, Read(file, out _));
    }

    [Theory]
    [InlineData(64 + 24, 0xFF_FB00u, KernelStatus.EntryOutside)]
    [InlineData(64 + 32, 0x41u, KernelStatus.Good)]
    [InlineData(192, Address, KernelStatus.Good)]
    [InlineData(192, Address + 0xFF, KernelStatus.Good)]
    [InlineData(64 + 24, 0x10_0000u, KernelStatus.EntryOutside)]
    public void A_field_at_its_limit_is_good(int offset, uint value, KernelStatus expected)
    {
        byte[] file = _elf64.Build();
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(offset), value);
        Assert.Equal(expected, Read(file, out _));
    }

    [Fact]
    public void Every_truncation_is_refused()
    {
        foreach (byte[] file in (byte[][])[_elf64.Build(), _elf32.Build()])
        {
            for (int length = 0; length < file.Length; length++)
            {
                Assert.NotEqual(KernelStatus.Good, Read(file.AsSpan(0, length), out _));
            }
        }
    }

    [Fact]
    public void The_entry_is_found_among_other_notes_and_may_have_8_bytes()
    {
        // Another of Xen's notes, one of another name with the entry's number, then the entry; the file's content is the notes' place.
        byte[] notes =
        [
            .. Note("Xen\0", 17, [1, 2, 3, 4, 5]), .. Note("Zen\0", 18, [6, 6, 6, 6]), .. Note("", 18, []),
            .. Note("Xen\0", 18, [0x40, 0, 0x20, 0, 0, 0, 0, 0]),
        ];
        byte[] file = (_elf64 with { Content = [.. notes, .. new byte[0x100]] }).Build();
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(120 + 8), GuestElf.ContentOffset);
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(120 + 32), (ulong)notes.Length);
        Assert.Equal(KernelStatus.Good, Read(file, out KernelImage image));
        Assert.Equal(Address + 0x40, image.Entry);

        // Above 4 GiB there is no entry.
        file[GuestElf.ContentOffset + notes.Length - 1] = 1;
        Assert.Equal(KernelStatus.EntryOutside, Read(file, out _));
    }

    [Fact]
    public void Notes_longer_than_any_kernels_are_not_searched()
    {
        byte[] file = (_elf64 with { Content = new byte[0x2_0000] }).Build();
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(120 + 8), GuestElf.ContentOffset);
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(120 + 32), 0x1_0001);
        Assert.Equal(KernelStatus.NoteInvalid, Read(file, out _));
    }

    /// <summary>The one segment's header again and again, each with another address.</summary>
    [Theory]
    [InlineData(16, 0x500, KernelStatus.Good)]
    [InlineData(17, 0x500, KernelStatus.TooManySegments)]
    [InlineData(2, 0x4FF, KernelStatus.SegmentsOverlap)]
    [InlineData(2, -0x4FF, KernelStatus.SegmentsOverlap)]
    [InlineData(2, 0, KernelStatus.SegmentsOverlap)]
    public void Segments_do_not_overlap_and_are_16_at_most(int count, int distance, KernelStatus expected)
    {
        byte[] good = _elf64.Build();
        byte[] file = new byte[good.Length + 0x1000];
        good.CopyTo(file, 0);
        for (int i = 0; i < count; i++)
        {
            good.AsSpan(64, 56).CopyTo(file.AsSpan(good.Length + (i * 56)));
            BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan(good.Length + (i * 56) + 24), Address + (i * distance));
        }

        good.AsSpan(120, 56).CopyTo(file.AsSpan(good.Length + (count * 56)));
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(32), (ulong)good.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(56), (ushort)(count + 1));
        Assert.Equal(expected, Read(file, out KernelImage image));
        Assert.Equal(expected == KernelStatus.Good ? count : 0, image.SegmentCount);
    }

    [Fact]
    public void Modules_lie_on_pages_of_their_own_up_to_the_end_of_memory()
    {
        Read(_elf64.Build(), out KernelImage image);
        Assert.True(image.TryPlaceModule(1, out uint first));
        Assert.True(image.TryPlaceModule(0x1000, out uint second));
        Assert.True(image.TryPlaceModule(0x1001, out uint third));
        Assert.Equal((Address + 0x1000, Address + 0x2000, Address + 0x3000), (first, second, third));
        Assert.False(image.TryPlaceModule(Memory - Address - 0x5000 + 1, out _));
        Assert.False(image.TryPlaceModule(ulong.MaxValue, out _));
        Assert.True(image.TryPlaceModule(Memory - Address - 0x5000, out uint last));
        Assert.Equal(Address + 0x5000, last);
        Assert.True(image.TryPlaceModule(0, out _));
        Assert.False(image.TryPlaceModule(1, out _));
    }

    private static byte[] Note(string name, uint type, byte[] value)
    {
        byte[] note = new byte[12 + ((name.Length + 3) / 4 * 4) + ((value.Length + 3) / 4 * 4)];
        BinaryPrimitives.WriteInt32LittleEndian(note, name.Length);
        BinaryPrimitives.WriteInt32LittleEndian(note.AsSpan(4), value.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(note.AsSpan(8), type);
        Encoding.ASCII.GetBytes(name, note.AsSpan(12));
        value.CopyTo(note, 12 + ((name.Length + 3) / 4 * 4));
        return note;
    }

    private static KernelStatus Read(ReadOnlySpan<byte> file, out KernelImage image) =>
        KernelImage.TryRead(BootProtocol.Pvh, file, Memory, out image);
}
