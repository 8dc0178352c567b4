using System.Runtime.CompilerServices;
using Ember.Core.Processors;
using Ember.Platform.Acpi;
using Ember.Platform.Interrupts;
using Ember.Platform.Memory;
using Ember.Platform.Processors;
using Ember.Platform.Uefi;

namespace Ember.Core.Startup;

/// <summary>
/// The machine's memory once it is ours: what is free, and the core's own address space, which maps it one to one. Any processor may
/// take and return.
/// </summary>
internal unsafe struct HostMemory
{
    /// <summary>Below this lies what old firmware and real mode use.</summary>
    private const ulong FirstMegabyte = 1 << 20;

    /// <summary>Pages kept for page tables, more where memory can only be mapped by pages of 2 MiB.</summary>
    private const ulong TablePages = 512;

    private const uint ImageDirectoryOffset = 0x3C;
    private const uint SectionExecutes = 0x2000_0000;
    private const uint SectionWrites = 0x8000_0000;

    /// <summary>Free memory; grows by what the firmware held once nothing of ours lies there.</summary>
    public PhysicalMemory Free;

    /// <summary>Which memory is near which processors.</summary>
    public MemoryDomains Domains;

    private FirmwareMap _map;
    private ulong _tablePages;
    private TicketLock _lock;
    private PageSource _tables;
    private Accounts _accounts;

    /// <summary>Takes what the firmware left free and keeps some of it for page tables.</summary>
    /// <returns>False when there is not even that much.</returns>
    public bool TryInitialize(BootInformation* boot)
    {
        _map = new FirmwareMap(boot, HostProcessor.AddressLimit);
        _accounts[(int)MemoryAccount.Image] = boot->ImageSize;
        _accounts[(int)MemoryAccount.Files] = boot->FileBytes;
        _accounts[(int)MemoryAccount.Payloads] = boot->PayloadBytes;
        _tablePages = TablePages + (HostProcessor.HasHugePages ? 0 : TablesOfLargePages());
        AddFree(EfiMemoryType.Conventional, EfiMemoryType.Conventional);
        if (!TryTakeZeroed(MemoryAccount.PageTables, _tablePages * PageTables.PageSize, PageTables.PageSize, out byte* pages))
        {
            return false;
        }

        _tables = new PageSource(pages, _tablePages);
        return true;
    }

    /// <summary>Adds what the firmware's boot services used; only after its page tables, stack and descriptor tables are out of use.</summary>
    public void ReclaimBootServices() => AddFree(EfiMemoryType.BootServicesCode, EfiMemoryType.BootServicesData);

    /// <summary>Learns which memory is near which processors.</summary>
    /// <param name="acpiRoot">The firmware's RSDP, or null.</param>
    public void FindDomains(byte* acpiRoot)
    {
        if (AcpiTables.TryOpen(acpiRoot, out AcpiTables acpi) && acpi.Find("SRAT"u8) is var table && table != null)
        {
            Domains.Read(new Srat(table));
        }
    }

    /// <summary>The bytes in an account.</summary>
    public readonly ulong BytesOf(MemoryAccount account) => account switch
    {
        MemoryAccount.PageTablesInUse => (_tablePages - _tables.Remaining) * PageTables.PageSize,
        MemoryAccount.Free => Free.FreeBytes,
        _ => _accounts[(int)account],
    };

    /// <summary>Takes cleared memory.</summary>
    /// <param name="account">What for.</param>
    /// <param name="length">Bytes, rounded up to whole pages.</param>
    /// <param name="alignment">A power of two, at least a page.</param>
    /// <param name="address">Where it is.</param>
    public bool TryTakeZeroed(MemoryAccount account, ulong length, ulong alignment, out byte* address)
    {
        length = PageTables.WholePages(length);
        _lock.Acquire();
        bool taken = Free.TryTake(length, alignment, out ulong start);
        return Finish(taken, account, start, length, out address);
    }

    /// <summary>Takes cleared memory for a virtual machine, where nested tables can map it with the largest pages.</summary>
    /// <param name="length">Bytes, a multiple of 2 MiB.</param>
    /// <param name="hugePages">Whether nested tables know 1 GiB pages.</param>
    /// <param name="domain">The domain it should be near to, or <see cref="MemoryDomains.Any"/>.</param>
    /// <param name="address">Where it is.</param>
    public bool TryTakeGuest(ulong length, bool hugePages, uint domain, out byte* address)
    {
        _lock.Acquire();
        bool taken = Domains.TryTake(ref Free, length, hugePages, domain, out ulong start);
        return Finish(taken, MemoryAccount.Guests, start, length, out address);
    }

    /// <summary>Bytes of the largest virtual machine that there is memory for.</summary>
    public readonly ulong LargestGuest => Free.LargestRun(PageTables.LargePageSize);

    /// <summary>Gives back what was taken, the whole of it, once. Nobody may use it any more.</summary>
    /// <param name="account">What it was taken for.</param>
    /// <param name="address">Where it is.</param>
    /// <param name="length">Bytes, as they were asked for.</param>
    public void Return(MemoryAccount account, byte* address, ulong length)
    {
        length = PageTables.WholePages(length);
        _lock.Acquire();
        _accounts[(int)account] -= length;
        Free.Return((ulong)address, length);
        _lock.Release();
    }

    /// <summary>An empty set of page tables; its root is 0 when there is no page left.</summary>
    public PageTables NewTables(bool hugePages, PageTableFormat format = PageTableFormat.LongMode) =>
        new((PageSource*)Unsafe.AsPointer(ref _tables), hugePages, format);

    /// <summary>
    /// Maps all memory writable and not executable, the image by its sections' own rights, registers uncached, and nothing at page
    /// zero: no page is writable and executable.
    /// </summary>
    /// <returns>The tables; root 0 when pages for them ran out.</returns>
    public PageTables BuildAddressSpace(BootInformation* boot, bool hugePages)
    {
        PageTables tables = NewTables(hugePages);
        bool complete = tables.Root != 0;
        for (int i = 0; i < _map.Count; i++)
        {
            FirmwareMapEntry entry = _map[i];
            if (entry.IsMemory)
            {
                complete &= tables.Map(entry.Start, entry.Start, entry.End - entry.Start, PageAttributes.Write);
            }
        }

        complete &= tables.Unmap(0, PageTables.PageSize);
        complete &= tables.MapRegisters(LocalApic.DefaultAddress);
        complete &= MapImage(in tables, boot);
        if (boot->FrameBufferSize != 0)
        {
            ulong start = boot->FrameBufferBase & ~(PageTables.PageSize - 1);
            ulong end = PageTables.WholePages(boot->FrameBufferBase + boot->FrameBufferSize);
            complete &= tables.Map(start, start, end - start, PageAttributes.Write | PageAttributes.WriteCombining);
        }

        return complete ? tables : default;
    }

    /// <summary>The same, with what the firmware needs to run once more: for resetting and powering off, the core's last act.</summary>
    public PageTables BuildFirmwareSpace(BootInformation* boot, bool hugePages)
    {
        PageTables tables = BuildAddressSpace(boot, hugePages);
        bool complete = tables.Root != 0;
        for (int i = 0; complete && i < _map.Count; i++)
        {
            FirmwareMapEntry entry = _map[i];
            if (entry.IsRuntime)
            {
                PageAttributes caching = entry.IsMemory ? PageAttributes.None : PageAttributes.Uncached;
                complete &= tables.Map(
                    entry.Start, entry.Start, entry.End - entry.Start, PageAttributes.Write | PageAttributes.Execute | caching);
            }
        }

        return complete ? tables : default;
    }

    /// <summary>Enters a run in its account and lets others take, before the long part: clearing.</summary>
    private bool Finish(bool taken, MemoryAccount account, ulong start, ulong length, out byte* address)
    {
        if (taken)
        {
            _accounts[(int)account] += length;
        }

        _lock.Release();
        address = (byte*)start;
        if (taken)
        {
            Cpu.ClearMemory(address, length);
        }

        return taken;
    }

    /// <summary>Pages that tables of 2 MiB pages take more, in both address spaces.</summary>
    private readonly ulong TablesOfLargePages()
    {
        ulong pages = 0;
        for (int i = 0; i < _map.Count; i++)
        {
            FirmwareMapEntry entry = _map[i];
            pages += entry.IsMemory ? 2 * ((entry.End - entry.Start) / PageTables.HugePageSize) : 0;
        }

        return pages;
    }

    /// <summary>The section table of our own image (PE/COFF specification, sections 3 and 4), which the firmware has loaded as it is.</summary>
    private static bool MapImage(in PageTables tables, BootInformation* boot)
    {
        byte* image = boot->ImageBase;
        byte* header = image + Unsafe.ReadUnaligned<uint>(image + ImageDirectoryOffset);
        int sections = Unsafe.ReadUnaligned<ushort>(header + 6);
        byte* section = header + 24 + Unsafe.ReadUnaligned<ushort>(header + 20);
        bool mapped = tables.Map((ulong)image, (ulong)image, PageTables.PageSize, PageAttributes.None);
        for (int i = 0; i < sections; i++, section += 40)
        {
            uint size = Unsafe.ReadUnaligned<uint>(section + 8);
            ulong start = (ulong)image + Unsafe.ReadUnaligned<uint>(section + 12);
            uint characteristics = Unsafe.ReadUnaligned<uint>(section + 36);
            PageAttributes attributes = ((characteristics & SectionExecutes) != 0 ? PageAttributes.Execute : PageAttributes.None)
                | ((characteristics & SectionWrites) != 0 ? PageAttributes.Write : PageAttributes.None);
            mapped &= tables.Map(start, start, PageTables.WholePages(size), attributes);
        }

        return mapped;
    }

    private void AddFree(EfiMemoryType first, EfiMemoryType last)
    {
        for (int i = 0; i < _map.Count; i++)
        {
            FirmwareMapEntry entry = _map[i];
            ulong start = entry.Start < FirstMegabyte ? FirstMegabyte : entry.Start;
            while (entry.Type >= first && entry.Type <= last && _map.TryNextPart(i, ref start, out ulong end))
            {
                _accounts[(int)MemoryAccount.Found] += Free.AddFree(start, end - start) ? end - start : 0;
                start = end;
            }
        }
    }

    [InlineArray((int)MemoryAccount.Count)]
    private struct Accounts
    {
        private ulong _first;
    }
}
