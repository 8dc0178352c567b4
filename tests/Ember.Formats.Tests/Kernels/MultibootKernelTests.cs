using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Text;
using Ember.Formats.Kernels;
using Ember.Formats.Plans;
using Ember.Guests;

namespace Ember.Formats.Tests.Kernels;

public sealed class MultibootKernelTests
{
    private const ulong Memory = 16 << 20;
    private const uint Address = 0x10_0000;
    private const uint Magic = 0x1BAD_B002;
    private const uint HasAddresses = 1 << 16;

    [Fact]
    public void An_ELF_kernel_lies_at_its_physical_addresses()
    {
        Assert.Equal(KernelStatus.Good, Read(MultibootGuest.BuildElf(), out KernelImage image));
        Assert.Equal((1, Address, Address + 32), (image.SegmentCount, image.Segment(0).Address, image.Entry));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_entry_may_be_virtual_or_physical(bool is64)
    {
        byte[] content = new byte[0x40];
        Header(content, 0, 0);
        GuestElf elf = new() { Content = content, Address = Address, Entry = Address + 12, VirtualOffset = 0xC000_0000, Is64 = is64 };
        byte[] file = elf.Build();
        Assert.Equal(KernelStatus.Good, Read(file, out KernelImage image));
        Assert.Equal(Address + 12, image.Entry);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(24), Address + 16);
        Assert.Equal(KernelStatus.Good, Read(file, out image));
        Assert.Equal(Address + 16, image.Entry);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(24), Address + 0x40);
        Assert.Equal(KernelStatus.EntryOutside, Read(file, out _));
    }

    [Theory]
    [InlineData(0u, KernelStatus.Good)]
    [InlineData(3u, KernelStatus.Good)]
    [InlineData(0xFFFE_0000u, KernelStatus.Good)]
    [InlineData(4u, KernelStatus.VideoModeRequired)]
    [InlineData(7u, KernelStatus.VideoModeRequired)]
    [InlineData(8u, KernelStatus.RequirementUnknown)]
    [InlineData(0x8000u, KernelStatus.RequirementUnknown)]
    [InlineData(0xCu, KernelStatus.RequirementUnknown)]
    public void What_is_required_and_not_there_is_named(uint flags, KernelStatus expected)
    {
        byte[] file = MultibootGuest.BuildElf();
        Header(file, GuestElf.ContentOffset, flags);
        Assert.Equal(expected, Read(file, out _));
    }

    [Theory]
    [InlineData(0, KernelStatus.NotElf)]
    [InlineData(4, KernelStatus.NotElf)]
    [InlineData(8192 - 12, KernelStatus.NotElf)]
    [InlineData(8192 - 8, KernelStatus.NotMultiboot)]
    [InlineData(2, KernelStatus.NotMultiboot)]
    public void The_header_is_looked_for_in_8_KiB_at_multiples_of_4(int offset, KernelStatus expected)
    {
        byte[] file = new byte[8200];
        Header(file, offset, 0);
        Assert.Equal(expected, Read(file, out _));
    }

    [Fact]
    public void A_header_with_a_wrong_checksum_is_none()
    {
        byte[] file = MultibootGuest.BuildFlat();
        file[8]++;
        Assert.Equal(KernelStatus.NotMultiboot, Read(file, out _));

        // The right one may come after it.
        byte[] both = [.. file[..12], .. MultibootGuest.BuildElf()];
        Header(both, 20, 4);
        Assert.Equal(KernelStatus.VideoModeRequired, Read(both, out _));
    }

    /// <summary>A file of 2000h bytes with its header at 100h, and where the header says things lie.</summary>
    [Theory]
    [InlineData(0x10_0100u, 0x10_0000u, 0u, 0u, 0x10_0000u, 0ul, 0x2000ul, 0x2000ul)]
    [InlineData(0x10_0080u, 0x10_0000u, 0x10_1000u, 0x10_4000u, 0x10_0FFFu, 0x80ul, 0x1000ul, 0x4000ul)]
    [InlineData(0x10_0000u, 0x10_0000u, 0x10_1F00u, 0u, 0x10_0020u, 0x100ul, 0x1F00ul, 0x1F00ul)]
    [InlineData(0x10_0100u, 0x10_0000u, 0u, 0x100_0000u, 0x10_1FFFu, 0ul, 0x2000ul, 0xF0_0000ul)]
    public void A_flat_kernel_lies_where_its_header_says(
        uint header, uint load, uint loadEnd, uint zeroedEnd, uint entry, ulong offset, ulong length, ulong memoryLength)
    {
        Assert.Equal(KernelStatus.Good, Read(Flat(header, load, loadEnd, zeroedEnd, entry), out KernelImage image));
        KernelSegment segment = image.Segment(0);
        Assert.Equal((1, entry), (image.SegmentCount, image.Entry));
        Assert.Equal((offset, length), (segment.FileOffset, segment.FileLength));
        Assert.Equal(((ulong)load, memoryLength), (segment.Address, segment.MemoryLength));
    }

    [Theory]
    [InlineData(0x10_0000u, 0x10_0001u, 0u, 0u, 0x10_0001u, KernelStatus.LoadAddressesInvalid)]
    [InlineData(0x10_0101u, 0x10_0000u, 0u, 0u, 0x10_0000u, KernelStatus.LoadAddressesInvalid)]
    [InlineData(0x10_0100u, 0x10_0000u, 0xF_FFFFu, 0u, 0x10_0000u, KernelStatus.LoadAddressesInvalid)]
    [InlineData(0x10_0100u, 0x10_0000u, 0u, 0xF_FFFFu, 0x10_0000u, KernelStatus.LoadAddressesInvalid)]
    [InlineData(0x10_0100u, 0x10_0000u, 0u, 0x10_1FFFu, 0x10_0000u, KernelStatus.LoadAddressesInvalid)]
    [InlineData(0x10_0100u, 0x10_0000u, 0x10_1000u, 0x10_0FFFu, 0x10_0000u, KernelStatus.LoadAddressesInvalid)]
    [InlineData(0x10_0100u, 0x10_0000u, 0x10_2001u, 0u, 0x10_0000u, KernelStatus.Truncated)]
    [InlineData(0x10_0100u, 0x10_0000u, 0xFFFF_FFFFu, 0u, 0x10_0000u, KernelStatus.Truncated)]
    [InlineData(0xF_FFFFu, 0xF_FFFFu, 0u, 0u, 0x10_0000u, KernelStatus.AddressTooLow)]
    [InlineData(0x100u, 0u, 0u, 0u, 0u, KernelStatus.AddressTooLow)]
    [InlineData(0xFF_F100u, 0xFF_F000u, 0u, 0u, 0xFF_F000u, KernelStatus.MemoryTooSmall)]
    [InlineData(0x10_0100u, 0x10_0000u, 0u, 0x100_0001u, 0x10_0000u, KernelStatus.MemoryTooSmall)]
    [InlineData(0xFFFF_F100u, 0xFFFF_F000u, 0u, 0u, 0xFFFF_F000u, KernelStatus.MemoryTooSmall)]
    [InlineData(0x10_0100u, 0x10_0000u, 0u, 0u, 0xF_FFFFu, KernelStatus.EntryOutside)]
    [InlineData(0x10_0100u, 0x10_0000u, 0u, 0x10_3000u, 0x10_2000u, KernelStatus.EntryOutside)]
    public void Addresses_that_cannot_be_are_refused(
        uint header, uint load, uint loadEnd, uint zeroedEnd, uint entry, KernelStatus expected) =>
        Assert.Equal(expected, Read(Flat(header, load, loadEnd, zeroedEnd, entry), out _));

    [Fact]
    public void Addresses_belong_to_the_header_and_must_be_in_the_file()
    {
        byte[] flat = Flat(0x10_0100, 0x10_0000, 0, 0, 0x10_0000);
        Assert.Equal(KernelStatus.NotMultiboot, Read(flat.AsSpan(0, 0x100 + 31), out _));
        Assert.Equal(KernelStatus.Good, Read(flat.AsSpan(0, 0x100 + 32), out _));
        byte[] late = new byte[8200];
        Header(late, 8192 - 28, HasAddresses);
        Assert.Equal(KernelStatus.NotMultiboot, Read(late, out _));
    }

    [Fact]
    public void Every_status_has_a_text_of_its_own()
    {
        HashSet<string> texts = [Encoding.ASCII.GetString(KernelStatusText.Of((KernelStatus)255))];
        foreach (KernelStatus status in Enum.GetValues<KernelStatus>())
        {
            Assert.True(texts.Add(Encoding.ASCII.GetString(KernelStatusText.Of(status))), status.ToString());
        }
    }

    private static byte[] Flat(uint header, uint load, uint loadEnd, uint zeroedEnd, uint entry)
    {
        byte[] file = new byte[0x2000];
        Header(file, 0x100, HasAddresses);
        uint[] addresses = [header, load, loadEnd, zeroedEnd, entry];
        for (int i = 0; i < addresses.Length; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(0x100 + 12 + (i * 4)), addresses[i]);
        }

        return file;
    }

    private static void Header(byte[] file, int offset, uint flags)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(offset), Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(offset + 4), flags);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(offset + 8), unchecked(0 - Magic - flags));
    }

    private static KernelStatus Read(ReadOnlySpan<byte> file, out KernelImage image) =>
        KernelImage.TryRead(BootProtocol.Multiboot, file, Memory, out image);
}
