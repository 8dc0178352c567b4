using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Ember.Core.Machines.Linux;
using Ember.Core.Machines.Maps;
using Ember.Core.Virtualization;
using Ember.Core.Virtualization.Decoding;

namespace Ember.Core.Tests.Machines.Linux;

public sealed unsafe class LinuxBootTests
{
    private const ulong Size = 0x30_0000;
    private const ulong KernelAddress = 0x20_0000;
    private const ulong KernelEnd = 0x21_0000;
    private const string CommandLine = "console=ttyS0 quiet";

    [Fact]
    public void Structures_have_the_sizes_of_the_protocol()
    {
        Assert.Equal(4096, sizeof(BootParameters));
        Assert.Equal(20, sizeof(E820Entry));
    }

    [Fact]
    public void Kernel_initrd_and_command_line_are_where_the_zero_page_says()
    {
        using GuestBuffer guest = new(Size);
        byte[] kernel = TestKernel.Small();
        byte[] initrd = new byte[5000];
        new Random(9).NextBytes(initrd);
        Assert.Equal(LinuxBootStatus.Loaded, Load(guest, kernel, initrd, CommandLine, out GuestEntry entry));
        Assert.Equal((OperatingMode.Bits64, KernelAddress + 0x200), (entry.Mode, entry.Rip));
        Assert.True(guest.Bytes(KernelAddress, 4096).SequenceEqual(kernel.AsSpan(1024)));
        Span<byte> zeroPage = guest.Bytes(entry.Rsi, 4096);
        Assert.Equal(0xE_0000UL, BinaryPrimitives.ReadUInt64LittleEndian(zeroPage[0x70..]));
        Assert.Equal(0xFF, zeroPage[0x210]);
        Assert.Equal(0xFFFF, BinaryPrimitives.ReadUInt16LittleEndian(zeroPage[0x1FA..]));
        Assert.Equal(0UL, BinaryPrimitives.ReadUInt64LittleEndian(zeroPage[0x250..]));
        uint ramdisk = U32(zeroPage, 0x218);
        Assert.Equal(Size - 0x2000, ramdisk);
        Assert.Equal(5000U, U32(zeroPage, 0x21C));
        Assert.True(guest.Bytes(ramdisk, 5000).SequenceEqual(initrd));
        Assert.Equal(CommandLine + "\0", Encoding.ASCII.GetString(guest.Bytes(U32(zeroPage, 0x228), CommandLine.Length + 1)));
        // What the loader does not set is the image's own.
        foreach (int offset in (int[])[0x1F1, 0x1FE, 0x202, 0x206, 0x211, 0x230, 0x238, 0x258, 0x260, 0x26B])
        {
            Assert.Equal(kernel[offset], zeroPage[offset]);
        }

        Assert.True(zeroPage[0x26C..0x2D0].IndexOfAnyExcept((byte)0) < 0);
        Assert.Equal(0, zeroPage[0x1EF]);
    }

    [Fact]
    public void Without_an_initrd_there_is_none()
    {
        using GuestBuffer guest = new(Size);
        Assert.Equal(LinuxBootStatus.Loaded, Load(guest, TestKernel.Small(), [], "", out GuestEntry entry));
        Assert.Equal((0U, 0U), (U32(guest.Bytes(entry.Rsi, 4096), 0x218), U32(guest.Bytes(entry.Rsi, 4096), 0x21C)));
        Assert.True(guest.IsZero(KernelEnd, Size));
    }

    [Fact]
    public void Memory_map_is_whole_and_keeps_the_hole_and_the_tables()
    {
        using GuestBuffer guest = new(Size);
        Load(guest, TestKernel.Small(), [], "", out GuestEntry entry);
        Span<byte> zeroPage = guest.Bytes(entry.Rsi, 4096);
        List<(ulong Start, ulong End, uint Type)> map = [];
        for (int i = 0; i < zeroPage[0x1E8]; i++)
        {
            Span<byte> one = zeroPage.Slice(0x2D0 + (i * 20), 20);
            ulong start = BinaryPrimitives.ReadUInt64LittleEndian(one);
            map.Add((start, start + BinaryPrimitives.ReadUInt64LittleEndian(one[8..]), U32(one, 16)));
        }

        Assert.Equal(
            [(0UL, 0xA_0000UL, 1U), (0xA_0000, 0xE_0000, 2), (0xE_0000, 0xF_0000, 3), (0xF_0000, 0x10_0000, 2), (0x10_0000, Size, 1)],
            map);
    }

    [Fact]
    public void Entry_state_is_the_protocols()
    {
        using GuestBuffer guest = new(Size);
        Load(guest, TestKernel.Small(), [], CommandLine, out GuestEntry entry);
        PagingState paging = new() { Cr0 = 0x8000_0001, Cr3 = entry.Cr3, Cr4 = 0x20, Efer = 0x500 };
        ulong[] addresses =
            [0, 0x1FFFFF, entry.Rip, entry.Rsi, 0x3FFF_FFFF, 0x4000_0000, 0x8123_4567, 0xFEE0_0000, 0xFFFF_FFFF];
        foreach (ulong address in addresses)
        {
            foreach (PageAccess access in (PageAccess[])[PageAccess.Write, PageAccess.Fetch])
            {
                Assert.True(GuestPageWalker.TryTranslate(guest.Memory, paging, address, access, out ulong physical, out _));
                Assert.Equal(address, physical);
            }
        }

        Assert.False(GuestPageWalker.TryTranslate(guest.Memory, paging, 0x1_0000_0000, PageAccess.Read, out _, out _));
        Assert.Equal((0x10, 0x18, 0x1F), (entry.CodeSelector, entry.DataSelector, entry.GdtLimit));
        Span<byte> gdt = guest.Bytes(entry.GdtBase, entry.GdtLimit + 1);
        ulong code = BinaryPrimitives.ReadUInt64LittleEndian(gdt[0x10..]);
        ulong data = BinaryPrimitives.ReadUInt64LittleEndian(gdt[0x18..]);
        // Present, ring 0, execute/read, L without D; present, ring 0, read/write, 4 GiB.
        Assert.Equal((0x9BUL, 0xAUL), ((code >> 40) & 0xFF, (code >> 52) & 0xF));
        Assert.Equal((0x93UL, 0xCUL, 0xFUL, 0xFFFFUL), ((data >> 40) & 0xFF, (data >> 52) & 0xF, (data >> 48) & 0xF, data & 0xFFFF));
        Assert.Equal(0UL, entry.Rsp % 16);
    }

    [Fact]
    public void Nothing_else_is_written()
    {
        using GuestBuffer guest = new(Size);
        Load(guest, TestKernel.Small(), new byte[5000], new string('x', 2047), out GuestEntry entry);
        Assert.True(guest.IsZero(0, 0x1000));
        Assert.True(guest.IsZero(entry.Rsp, KernelAddress));
        Assert.True(guest.IsZero(KernelAddress + 4096, Size));
        Assert.InRange(entry.Rsp, 0x1000UL, 0x9_FFFFUL);
        ulong[] places = [entry.Rsi, entry.GdtBase, entry.Cr3, U32(guest.Bytes(entry.Rsi, 4096), 0x228)];
        Assert.All(places, place => Assert.InRange(place, 0x1000UL, entry.Rsp - 0x1000));
        Assert.Equal(4, places.Select(place => place / 0x1000).Distinct().Count());
    }

    [Fact]
    public void Debian_cloud_kernel_is_loaded_as_it_asks()
    {
        using GuestBuffer guest = new(128 << 20);
        byte[] kernel = TestKernel.Debian();
        Assert.Equal(LinuxBootStatus.Loaded, Load(guest, kernel, new byte[1 << 20], CommandLine, out GuestEntry entry));
        Assert.Equal(0x100_0200UL, entry.Rip);
        Assert.True(guest.Bytes(0x100_0000, 0xD_8220 * 16).SequenceEqual(kernel.AsSpan(40 * 512)));
        Assert.Equal((127U << 20, 1U << 20), (U32(guest.Bytes(entry.Rsi, 4096), 0x218), U32(guest.Bytes(entry.Rsi, 4096), 0x21C)));
        // It needs 0x3378000 bytes from 16 MiB on.
        using GuestBuffer exact = new(0x437_8000);
        Assert.Equal(LinuxBootStatus.Loaded, Load(exact, kernel, [], CommandLine, out _));
        using GuestBuffer small = new(0x437_7FFF);
        Assert.Equal(LinuxBootStatus.MemoryTooSmall, Load(small, kernel, [], CommandLine, out _));
    }

    private static uint U32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private static LinuxBootStatus Load(GuestBuffer guest, byte[] kernel, byte[] initrd, string commandLine, out GuestEntry entry) =>
        LinuxLoad.Try(guest.Memory, kernel, kernel.Length, initrd, commandLine, out entry);
}
