using System;
using System.Linq;
using System.Text;
using Ember.Core.Startup;
using Ember.Platform.Memory;
using Ember.Platform.Text;
using Ember.Platform.Uefi;

namespace Ember.Core.Tests.Startup;

/// <summary>The account of what memory is held, and for what.</summary>
public sealed unsafe class HeldMemoryTests
{
    private const ulong Page = FirmwareMemory.Page;
    private const ulong TablePages = 512;

    private static readonly MemoryAccount[] _machine = [MemoryAccount.Guests, MemoryAccount.Machines, MemoryAccount.Machines];

    [Fact]
    public void Every_use_has_an_account_of_its_own_in_whole_pages()
    {
        using FirmwareMemory firmware = SmallMachine();
        Assert.True(firmware.TryInitialize());
        MemoryAccount[] accounts =
        [
            MemoryAccount.Stacks, MemoryAccount.PageTables, MemoryAccount.Virtualization, MemoryAccount.Machines, MemoryAccount.Guests,
        ];
        ulong[] before = [.. accounts.Select(account => firmware.Memory.BytesOf(account))];
        for (int i = 0; i < accounts.Length; i++)
        {
            Assert.True(firmware.Memory.TryTakeZeroed(accounts[i], ((ulong)(i + 1) * Page) - 1, Page, out _));
        }

        ulong[] after = [.. accounts.Select(account => firmware.Memory.BytesOf(account))];
        Assert.Equal(before.Select((bytes, i) => bytes + ((ulong)(i + 1) * Page)), after);

        Assert.Equal(FirmwareMemory.ImagePages * Page, firmware.Memory.BytesOf(MemoryAccount.Image));
    }

    [Fact]
    public void What_could_not_be_taken_is_not_held()
    {
        using FirmwareMemory firmware = SmallMachine();
        Assert.True(firmware.TryInitialize());
        Assert.False(firmware.Memory.TryTakeZeroed(MemoryAccount.Guests, 1ul << 40, Page, out _));
        Assert.Equal(0ul, firmware.Memory.BytesOf(MemoryAccount.Guests));
    }

    [Fact]
    public void What_is_taken_and_what_is_free_is_what_was_found()
    {
        using FirmwareMemory firmware = SmallMachine();
        Assert.True(firmware.TryInitialize());
        Assert.True(firmware.Memory.TryTakeZeroed(MemoryAccount.Machines, 5000, Page, out _));
        Assert.True(firmware.Memory.TryTakeZeroed(MemoryAccount.Guests, 3 * Page, 1 << 16, out _));
        firmware.Memory.ReclaimBootServices();
        Assert.Equal((FirmwareMemory.WorkPages + 0x100) * Page, firmware.Memory.BytesOf(MemoryAccount.Found));
        Assert.Equal(firmware.Memory.BytesOf(MemoryAccount.Found), firmware.Memory.Free.FreeBytes + ((TablePages + 2 + 3) * Page));
    }

    [Fact]
    public void Page_tables_are_kept_before_they_are_used()
    {
        using FirmwareMemory firmware = SmallMachine();
        Assert.True(firmware.TryInitialize());
        Assert.Equal(TablePages * Page, firmware.Memory.BytesOf(MemoryAccount.PageTables));
        Assert.Equal(0ul, firmware.Memory.BytesOf(MemoryAccount.PageTablesInUse));
        firmware.Memory.NewTables(hugePages: true);
        firmware.Memory.NewTables(hugePages: true);
        Assert.Equal(TablePages * Page, firmware.Memory.BytesOf(MemoryAccount.PageTables));
        Assert.Equal(2 * Page, firmware.Memory.BytesOf(MemoryAccount.PageTablesInUse));
    }

    /// <summary>What a machine that starts and stops does, with sizes that leave holes of other sizes.</summary>
    [Fact]
    public void A_thousand_machines_started_and_stopped_leave_memory_as_it_was()
    {
        using FirmwareMemory firmware = SmallMachine();
        Assert.True(firmware.TryInitialize());
        ref HostMemory memory = ref firmware.Memory;
        ulong[] before = Accounts(in memory);
        for (uint i = 0; i < 1000; i++)
        {
            ulong[] lengths = [((i % 7) + 1) * 7 * Page, ((i % 3) * Page) + 1, (i % 5) + Page];
            byte*[] taken = new byte*[lengths.Length];
            for (int j = 0; j < lengths.Length; j++)
            {
                Assert.True(memory.TryTakeZeroed(_machine[j], lengths[j], Page << (j * 2), out taken[j]));
                Assert.Equal(0, taken[j][lengths[j] - 1]);
                new Span<byte>(taken[j], (int)lengths[j]).Fill(0xCC);
            }

            PageTables nested = memory.NewTables(hugePages: i % 2 == 0);
            Assert.True(nested.Map(0, (ulong)taken[0], lengths[0], PageAttributes.Write));
            for (int j = 0; j < lengths.Length; j++)
            {
                int next = (int)((i + (uint)j) % (uint)lengths.Length);
                memory.Return(_machine[next], taken[next], lengths[next]);
            }

            nested.Release();
            Assert.Equal(before, Accounts(in memory));
        }

        Assert.True(memory.TryTakeZeroed(MemoryAccount.Guests, (FirmwareMemory.WorkPages - TablePages) * Page, Page, out _));
    }

    [Fact]
    public void The_line_names_every_part_in_kibibytes()
    {
        using FirmwareMemory firmware = SmallMachine();
        firmware.Boot->FileBytes = 17 * Page;
        firmware.Boot->PayloadBytes = 25 * Page;
        Assert.True(firmware.TryInitialize());
        firmware.Memory.NewTables(hugePages: true);
        firmware.Memory.TryTakeZeroed(MemoryAccount.Stacks, 3 * Page, Page, out _);
        firmware.Memory.TryTakeZeroed(MemoryAccount.Virtualization, 2 * Page, Page, out _);
        firmware.Memory.TryTakeZeroed(MemoryAccount.Machines, 4 * Page, Page, out _);
        firmware.Memory.TryTakeZeroed(MemoryAccount.Guests, 25 * Page, Page, out _);
        LineBuffer line = default;
        MemoryReport.Compose(in firmware.Memory, ref line);
        Assert.Equal(
            "memory: image 64 KiB, files 68 KiB, payloads 100 KiB, stacks 12 KiB, page tables 4 of 2048 KiB, virtualization 8 KiB, machines 16 KiB, "
            + "guests 100 KiB, free 1912 of 4096 KiB",
            Encoding.ASCII.GetString(line.Text));
    }

    private static ulong[] Accounts(in HostMemory memory)
    {
        ulong[] bytes = new ulong[(int)MemoryAccount.Count];
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = memory.BytesOf((MemoryAccount)i);
        }

        return bytes;
    }

    private static FirmwareMemory SmallMachine() => new FirmwareMemory()
        .Add(EfiMemoryType.BootServicesData, 0x81_0000, 0x100)
        .AddReal();
}
