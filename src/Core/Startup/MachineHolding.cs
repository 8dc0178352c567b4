using Ember.Platform.Memory;

namespace Ember.Core.Startup;

/// <summary>The memory a virtual machine holds while it runs.</summary>
internal unsafe struct MachineHolding
{
    private byte* _ram;
    private ulong _ramBytes;
    private PageTables _nested;
    private byte* _states;
    private ulong _stateBytes;
    private byte* _pages;
    private ulong _pageBytes;

    /// <summary>Its RAM.</summary>
    public readonly byte* Ram => _ram;

    /// <summary>Room for its virtual processors, zeroed.</summary>
    public readonly byte* States => _states;

    /// <summary>Pages for their back ends, zeroed.</summary>
    public readonly byte* Pages => _pages;

    /// <summary>Physical address of its nested page tables.</summary>
    public readonly ulong NestedRoot => _nested.Root;

    /// <summary>Takes RAM.</summary>
    /// <param name="memory">Where from.</param>
    /// <param name="bytes">A multiple of 2 MiB.</param>
    /// <param name="hugePages">Whether nested tables know 1 GiB pages.</param>
    /// <param name="domain">The domain it should be near to, or <see cref="MemoryDomains.Any"/>.</param>
    public bool TryTakeRam(ref HostMemory memory, ulong bytes, bool hugePages, uint domain)
    {
        bool taken = memory.TryTakeGuest(bytes, hugePages, domain, out _ram);
        _ramBytes = taken ? bytes : 0;
        return taken;
    }

    /// <summary>Takes nested page tables that map the RAM from address 0 on.</summary>
    public bool TryMap(ref HostMemory memory, bool hugePages, PageTableFormat format)
    {
        _nested = memory.NewTables(hugePages, format);
        return _nested.Root != 0
            && _nested.Map(0, (ulong)_ram, _ramBytes, PageAttributes.Write | PageAttributes.Execute | PageAttributes.User);
    }

    /// <summary>Takes room for virtual processors.</summary>
    public bool TryTakeProcessors(ref HostMemory memory, ulong stateBytes, ulong pageBytes)
    {
        _stateBytes = memory.TryTakeZeroed(MemoryAccount.Machines, stateBytes, PageTables.PageSize, out _states) ? stateBytes : 0;
        _pageBytes = memory.TryTakeZeroed(MemoryAccount.Machines, pageBytes, PageTables.PageSize, out _pages) ? pageBytes : 0;
        return _stateBytes != 0 && _pageBytes != 0;
    }

    /// <summary>Gives everything back. No processor uses it any more.</summary>
    public void Return(ref HostMemory memory)
    {
        if (_nested.Root != 0)
        {
            _nested.Release();
        }

        Return(ref memory, MemoryAccount.Guests, _ram, _ramBytes);
        Return(ref memory, MemoryAccount.Machines, _states, _stateBytes);
        Return(ref memory, MemoryAccount.Machines, _pages, _pageBytes);
        this = default;
    }

    private static void Return(ref HostMemory memory, MemoryAccount account, byte* address, ulong bytes)
    {
        if (bytes != 0)
        {
            memory.Return(account, address, bytes);
        }
    }
}
