using System;
using System.Collections.Generic;
using System.Linq;
using Ember.Core.Processors;
using Ember.Core.Startup;
using Ember.Platform.Memory;
using Ember.Platform.Tests.Memory;
using Ember.Platform.Uefi;

namespace Ember.Core.Tests.Startup;

/// <summary>The core's address space, built from a firmware's memory map and read back by a walk from the manual.</summary>
public sealed unsafe class HostMemoryTests
{
    private const ulong Page = 4096;
    private const ulong ApicPage = 0xFEE0_0000;
    private const uint Execute = 0x6000_0020;
    private const uint Write = 0xC000_0040;
    private const uint Read = 0x4000_0040;

    /// <summary>Cacheability bits of a leaf: PWT 3, PCD 4; entry 1 of the PAT is write-combining, entry 3 uncached.</summary>
    private const ulong Caching = 0x18;

    [Theory]
    [InlineData(48, true)]
    [InlineData(48, false)]
    [InlineData(40, true)]
    [InlineData(56, false)]
    public void Memory_is_mapped_one_to_one_and_devices_are_not(int stride, bool hugePages)
    {
        using FirmwareMemory firmware = TypicalMachine(stride);
        Assert.True(firmware.TryInitialize());
        PageTables tables = firmware.Memory.BuildAddressSpace(firmware.Boot, hugePages);
        Assert.NotEqual(0ul, tables.Root);
        Dictionary<ulong, ReferenceWalk.Leaf> pages = ReferenceWalk.Pages(tables.Root);
        Assert.All(pages, page => Assert.Equal(page.Key, page.Value.Physical));
        HashSet<ulong> expected = [ApicPage, .. MemoryPages(firmware)];
        expected.Remove(0);
        Assert.Equal(expected.Order(), pages.Keys.Order());
        Assert.DoesNotContain(pages.Values, page => page.Writable && page.Executable);
        Assert.All(pages, page => Assert.Equal(page.Key == ApicPage ? Caching : 0ul, page.Value.Entry & Caching));

        // Everything but the image is data.
        Assert.All(
            pages.Where(page => page.Key - firmware.Image >= FirmwareMemory.ImagePages * Page),
            page => Assert.True(page.Value.Writable && !page.Value.Executable));
    }

    [Fact]
    public void The_image_has_the_rights_of_its_sections_and_its_headers_none()
    {
        using FirmwareMemory firmware = TypicalMachine(48);
        Assert.True(firmware.TryInitialize());
        PageTables tables = firmware.Memory.BuildAddressSpace(firmware.Boot, true);
        Dictionary<ulong, ReferenceWalk.Leaf> pages = ReferenceWalk.Pages(tables.Root);
        string rights = string.Concat(Enumerable.Range(0, (int)FirmwareMemory.ImagePages).Select(i =>
        {
            ReferenceWalk.Leaf page = pages[firmware.Image + ((ulong)i * Page)];
            return page.Executable ? 'x' : page.Writable ? 'w' : 'r';
        }));
        Assert.Equal("rxxxrrwwwwrwwwww", rights);
    }

    [Theory]
    [InlineData(0xC000_0000ul, 0x30_0000ul, 0xC000_0000ul, 0xC030_0000ul)]
    [InlineData(0xC000_0123ul, 0x1000ul, 0xC000_0000ul, 0xC000_2000ul)]
    [InlineData(0xC000_0FFFul, 1ul, 0xC000_0000ul, 0xC000_1000ul)]
    [InlineData(0x7E_0000_0000ul, 0x1000ul, 0x7E_0000_0000ul, 0x7E_0000_1000ul)]
    public void The_frame_buffer_is_write_combining_to_the_last_page_it_touches(ulong start, ulong size, ulong first, ulong end)
    {
        using FirmwareMemory firmware = TypicalMachine(48);
        firmware.Boot->FrameBufferBase = start;
        firmware.Boot->FrameBufferSize = size;
        Assert.True(firmware.TryInitialize());
        PageTables tables = firmware.Memory.BuildAddressSpace(firmware.Boot, true);
        Dictionary<ulong, ReferenceWalk.Leaf> pages = ReferenceWalk.Pages(tables.Root);
        ulong[] combining = [.. pages.Where(page => (page.Value.Entry & Caching) == 8).Select(page => page.Key).Order()];
        Assert.Equal((first, end - Page, (int)((end - first) / Page)), (combining[0], combining[^1], combining.Length));
        Assert.All(combining, page => Assert.True(pages[page].Writable && !pages[page].Executable));
    }

    [Fact]
    public void A_stack_gives_its_first_page_up_and_keeps_the_rest()
    {
        using FirmwareMemory firmware = TypicalMachine(48);
        Assert.True(firmware.TryInitialize());
        Assert.True(firmware.Memory.TryTakeZeroed(MemoryAccount.Stacks, HostProcessor.StacksBytes, Page, out byte* stacks));
        PageTables tables = firmware.Memory.BuildAddressSpace(firmware.Boot, true);
        var before = ReferenceWalk.Pages(tables.Root);
        ulong[] lengths =
        [
            HostProcessor.StackBytes, HostProcessor.InterruptStackBytes, HostProcessor.InterruptStackBytes,
            HostProcessor.InterruptStackBytes, HostProcessor.InterruptStackBytes,
        ];
        Assert.Equal(HostProcessor.StacksBytes, lengths.Aggregate(0ul, (sum, length) => sum + length));
        ulong at = (ulong)stacks;
        var guards = new List<ulong>();
        foreach (ulong length in lengths)
        {
            Assert.True(Stack.TryCreate(in tables, at, length, out Stack stack));
            Assert.Equal((at + Page, at + length), (stack.Low, stack.High));
            Assert.True(stack.Contains(at + Page) && stack.Contains(at + length - 1));
            Assert.False(stack.Contains(at + Page - 1) || stack.Contains(at + length));
            guards.Add(at);
            at += length;
        }

        Assert.Equal(guards, before.Keys.Except(ReferenceWalk.Pages(tables.Root).Keys).Order());
    }

    [Fact]
    public void Only_what_is_conventional_is_free_until_boot_services_are_out_of_use()
    {
        using FirmwareMemory firmware = TypicalMachine(48);
        Assert.True(firmware.TryInitialize());

        // Below 1 MiB nothing is taken; 512 pages went to page tables.
        Assert.Equal((0x700 + FirmwareMemory.WorkPages - 512) * Page, firmware.Memory.Free.FreeBytes);
        firmware.Memory.ReclaimBootServices();
        Assert.Equal((0x700 + 0x100 + 0x100 + FirmwareMemory.WorkPages - 512) * Page, firmware.Memory.Free.FreeBytes);
    }

    [Fact]
    public void What_is_taken_is_cleared_aligned_and_whole_pages()
    {
        using FirmwareMemory firmware = TypicalMachine(48);
        new Span<byte>((void*)firmware.Work, (int)(FirmwareMemory.WorkPages * Page)).Fill(0xCC);
        Assert.True(firmware.TryInitialize());
        ulong free = firmware.Memory.Free.FreeBytes;
        Assert.True(firmware.Memory.TryTakeZeroed(MemoryAccount.Machines, 5000, 0x1_0000, out byte* taken));
        Assert.Equal(0ul, (ulong)taken % 0x1_0000);
        Assert.Equal(free - (2 * Page), firmware.Memory.Free.FreeBytes);
        Assert.True(new ReadOnlySpan<byte>(taken, 2 * (int)Page).IndexOfAnyExcept((byte)0) < 0);
        Assert.Equal(0xCC, taken[-1]);
        Assert.False(firmware.Memory.TryTakeZeroed(MemoryAccount.Guests, 1ul << 40, Page, out _));
    }

    [Fact]
    public void A_map_with_holes_unsorted_and_with_empty_entries_is_taken_as_it_is()
    {
        var random = new Random(6);
        using FirmwareMemory firmware = new FirmwareMemory().WithSections((0x1000, 0x1000, Execute)).AddReal();
        ulong at = 0;
        ulong free = FirmwareMemory.WorkPages - 512;
        while (firmware.Entries.Count < 400)
        {
            ulong pages = (ulong)random.Next(0, 40);
            var type = (EfiMemoryType)random.Next(0, 16);
            firmware.Add(type, at, pages);
            free += type == EfiMemoryType.Conventional && at >= 1 << 20 ? pages : 0;
            at += (pages + (ulong)random.Next(1, 3)) * Page;
            at = at < 1 << 20 && at + (64 * Page) > 1 << 20 ? 1 << 20 : at;
        }

        (EfiMemoryType, ulong, ulong, ulong)[] shuffled = [.. firmware.Entries];
        random.Shuffle(shuffled);
        firmware.Entries.Clear();
        firmware.Entries.AddRange(shuffled);
        Assert.True(firmware.TryInitialize());
        Assert.Equal(free * Page, firmware.Memory.Free.FreeBytes);
        PageTables tables = firmware.Memory.BuildAddressSpace(firmware.Boot, true);
        HashSet<ulong> expected = [ApicPage, .. MemoryPages(firmware)];
        expected.Remove(0);
        Assert.Equal(expected.Order(), ReferenceWalk.Pages(tables.Root).Keys.Order());
    }

    [Fact]
    public void A_machine_without_room_for_page_tables_is_refused()
    {
        using FirmwareMemory firmware = new FirmwareMemory().Add(EfiMemoryType.Conventional, 0x1000, 0x9F)
            .Add(EfiMemoryType.Conventional, 1 << 20, 511);
        Assert.False(firmware.TryInitialize());
    }

    [Theory]
    [InlineData(0x1080u)]
    [InlineData(0x1800u)]
    public void An_image_that_cannot_be_mapped_as_it_asks_is_refused(uint address)
    {
        using FirmwareMemory firmware = new FirmwareMemory().WithSections((address, 0x1000, Execute)).AddReal();
        Assert.True(firmware.TryInitialize());
        Assert.Equal(0ul, firmware.Memory.BuildAddressSpace(firmware.Boot, true).Root);
    }

    [Fact]
    public void For_its_last_call_the_firmware_finds_its_own_and_all_of_it_executable()
    {
        const ulong Runtime = 1ul << 63;
        using FirmwareMemory firmware = TypicalMachine(48)
            .Add(EfiMemoryType.RuntimeServicesCode, 0x900_0000, 3, Runtime | 0xF)
            .Add(EfiMemoryType.MemoryMappedIo, 0xFED0_0000, 2, Runtime | 1);
        Assert.True(firmware.TryInitialize());
        Dictionary<ulong, ReferenceWalk.Leaf> own = ReferenceWalk.Pages(firmware.Memory.BuildAddressSpace(firmware.Boot, true).Root);
        Dictionary<ulong, ReferenceWalk.Leaf> last = ReferenceWalk.Pages(firmware.Memory.BuildFirmwareSpace(firmware.Boot, true).Root);
        ulong[] runtime = [0x900_0000, 0x900_1000, 0x900_2000, 0xFED0_0000, 0xFED0_1000];
        Assert.Equal(runtime, last.Where(page => page.Value.Writable && page.Value.Executable).Select(page => page.Key).Order());
        Assert.Equal([0xFED0_0000, 0xFED0_1000], last.Keys.Except(own.Keys).Order());
        Assert.All(runtime, page => Assert.Equal(page >= 0xFED0_0000 ? Caching : 0, last[page].Entry & Caching));
        Assert.All(own.Where(page => !runtime.Contains(page.Key)), page => Assert.Equal(page.Value, last[page.Key]));
    }

    /// <summary>A piece of each type, the image with five sections, and real memory on top.</summary>
    private static FirmwareMemory TypicalMachine(int stride) => new FirmwareMemory(stride)
        .WithSections(
            (0x1000, 0x2345, Execute), (0x4000, 0x1001, Read), (0x6000, 0x4000, Write), (0xA000, 1, Read), (0xB000, 0, Write))
        .Add(EfiMemoryType.BootServicesCode, 0, 1)
        .Add(EfiMemoryType.Conventional, 0x1000, 0x9F)
        .Add(EfiMemoryType.Reserved, 0xA_0000, 0x60)
        .Add(EfiMemoryType.Conventional, 0x10_0000, 0x700)
        .Add(EfiMemoryType.AcpiNonVolatile, 0x80_0000, 8)
        .Add(EfiMemoryType.BootServicesData, 0x81_0000, 0x100)
        .Add(EfiMemoryType.BootServicesCode, 0x100_0000, 0x100)
        .Add(EfiMemoryType.LoaderData, 0x200_0000, 0x800)
        .Add(EfiMemoryType.RuntimeServicesData, 0x300_0000, 5)
        .Add(EfiMemoryType.RuntimeServicesCode, 0x301_0000, 7)
        .Add(EfiMemoryType.AcpiReclaim, 0x302_0000, 2)
        .Add(EfiMemoryType.Unusable, 0x303_0000, 4)
        .Add(EfiMemoryType.Persistent, 0x1_0000_0000, 0x100)
        .Add((EfiMemoryType)0x7000_0001, 0x304_0000, 4)
        .Add(EfiMemoryType.PalCode, 0x305_0000, 4)
        .Add(EfiMemoryType.MemoryMappedIo, 0xE000_0000, 0x100)
        .Add(EfiMemoryType.MemoryMappedIoPortSpace, 0xE800_0000, 0x100)
        .AddReal();

    /// <summary>Types that are memory (UEFI 2.10, table 7-6): loader, boot and run-time services, conventional, ACPI.</summary>
    private static IEnumerable<ulong> MemoryPages(FirmwareMemory firmware) => firmware.Entries
        .Where(entry => (uint)entry.Type is (>= 1 and <= 7) or 9 or 10)
        .SelectMany(entry => Enumerable.Range(0, (int)entry.Pages).Select(i => entry.Start + ((ulong)i * Page)));
}
