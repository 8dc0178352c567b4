using System.Linq;
using CsCheck;
using Ember.Core.Processors;
using Ember.Core.Startup;
using Ember.Platform.Memory;
using Ember.Platform.Uefi;

namespace Ember.Core.Tests.Startup;

/// <summary>Memory maps that no firmware should have, and machines larger than most.</summary>
public sealed unsafe class OddMemoryMapTests
{
    private const ulong Page = FirmwareMemory.Page;
    private const ulong Free = (FirmwareMemory.WorkPages - 512) * Page;

    /// <summary>Memory above what four levels map, or above what the processor reaches.</summary>
    [Theory]
    [InlineData(1ul << 47, 1ul, 0ul)]
    [InlineData((1ul << 47) - Page, 3ul, 1ul)]
    [InlineData(ulong.MaxValue - Page + 1, ulong.MaxValue, 0ul)]
    [InlineData((1ul << 47) - (2 * Page), ulong.MaxValue / Page, 2ul)]
    [InlineData((1ul << 47) - (2 * Page), ulong.MaxValue, 2ul)]
    public void What_cannot_be_addressed_is_left_out(ulong start, ulong pages, ulong usable)
    {
        using FirmwareMemory firmware = Machine().Add(EfiMemoryType.Conventional, start, pages);
        Assert.True(firmware.TryInitialize());
        Assert.Equal(Free + (usable * Page), firmware.Memory.Free.FreeBytes);
        Assert.NotEqual(0ul, firmware.Memory.BuildAddressSpace(firmware.Boot, true).Root);
    }

    [Theory]
    [InlineData(40u, 1ul << 40)]
    [InlineData(0u, 1ul << 36)]
    [InlineData(57u, PageTables.AddressLimit)]
    public void The_processor_says_how_much_it_reaches(uint bits, ulong limit)
    {
        using FirmwareMemory firmware = new(addressBits: bits);
        Assert.Equal(limit, HostProcessor.AddressLimit);
    }

    [Fact]
    public void Memory_that_is_not_in_whole_pages_loses_the_ends()
    {
        using FirmwareMemory firmware = Machine().Add(EfiMemoryType.Conventional, 0x1000_0123, 3);
        Assert.True(firmware.TryInitialize());
        Assert.True(firmware.Memory.Free.FreeBytesWithin(0x1000_1000, 0x1000_4000) is 3 * Page);
    }

    /// <summary>Each page is free if it is conventional in one entry at least and nothing else in any.</summary>
    [Fact]
    public void What_two_entries_say_differently_of_is_not_free_and_what_they_agree_on_is_free_once() =>
        Gen.Select(Gen.Int[0, 9], Gen.ULong[0x1_0000, 0x1_0040], Gen.ULong[0, 30]).List[0, 12].Sample(entries =>
        {
            using FirmwareMemory firmware = Machine();
            foreach ((int type, ulong page, ulong pages) in entries)
            {
                firmware.Add(type > 4 ? EfiMemoryType.Conventional : (EfiMemoryType)type, page * Page, pages);
            }

            Assert.True(firmware.TryInitialize());
            for (ulong page = 0x1_0000; page < 0x1_0080; page++)
            {
                EfiMemoryType[] said =
                [
                    .. firmware.Entries.Where(entry => page - (entry.Start / Page) < entry.Pages && page >= entry.Start / Page)
                        .Select(entry => entry.Type),
                ];
                bool free = said.Length != 0 && said.All(type => type == EfiMemoryType.Conventional);
                Assert.Equal(free ? Page : 0, firmware.Memory.Free.FreeBytesWithin(page * Page, (page + 1) * Page));
            }

            Assert.Equal(firmware.Memory.Free.FreeBytes, firmware.Memory.Free.FreeBytesWithin(0, ulong.MaxValue));
        });

    [Fact]
    public void Boot_services_do_not_bring_back_what_has_been_taken_meanwhile()
    {
        using FirmwareMemory firmware = Machine().Add(EfiMemoryType.BootServicesData, 0, 1 << 20);
        firmware.Add(EfiMemoryType.BootServicesCode, firmware.Work + (700 * Page), 400);
        Assert.True(firmware.TryInitialize());
        Assert.True(firmware.Memory.TryTakeZeroed(MemoryAccount.Machines, 100 * Page, Page, out byte* taken));
        firmware.Memory.ReclaimBootServices();
        Assert.Equal(0ul, firmware.Memory.Free.FreeBytesWithin((ulong)taken, (ulong)taken + (100 * Page)));
        Assert.Equal((4ul << 30) - (1 << 20), firmware.Memory.Free.FreeBytesWithin(0, 4ul << 30));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_machine_of_two_tebibytes_is_mapped_whole(bool hugePages)
    {
        ulong pages = (2ul << 40) / Page;
        using FirmwareMemory firmware = new FirmwareMemory(hugePages: hugePages, workPages: 8192)
            .WithSections((0x1000, 0x1000, 0x6000_0020)).AddReal()
            .Add(EfiMemoryType.Reserved, 0xC000_0000, 0x4_0000)
            .Add(EfiMemoryType.AcpiReclaim, 1ul << 32, pages);
        Assert.True(firmware.TryInitialize());
        PageTables own = firmware.Memory.BuildAddressSpace(firmware.Boot, hugePages);
        Assert.NotEqual(0ul, own.Root);
        Assert.NotEqual(0ul, firmware.Memory.BuildFirmwareSpace(firmware.Boot, hugePages).Root);
        Assert.True(own.TryTranslate((2ul << 40) + (1ul << 32) - 1, out _, out _));
        Assert.False(own.TryTranslate((2ul << 40) + (1ul << 32), out _, out _));
    }

    private static FirmwareMemory Machine() => new FirmwareMemory().WithSections((0x1000, 0x1000, 0x6000_0020)).AddReal();
}
