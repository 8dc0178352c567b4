using Ember.Platform.Processors;

namespace Ember.Platform.Memory;

/// <summary>Pages for page tables, handed out one by one to any processor. What comes back is handed out again, cleared.</summary>
/// <param name="first">Start of a run of pages, page-aligned and zeroed.</param>
/// <param name="count">Pages in it.</param>
public unsafe struct PageSource(byte* first, ulong count)
{
    private TicketLock _lock;
    private byte* _next = first;
    private ulong _fresh = count;

    /// <summary>The page given back last; its first word leads to the one before.</summary>
    private byte* _returned;

    /// <summary>Pages left.</summary>
    public ulong Remaining { get; private set; } = count;

    /// <summary>One zeroed page, or null when none is left.</summary>
    public byte* Take()
    {
        _lock.Acquire();
        byte* page = _returned;
        bool used = page != null;
        if (used)
        {
            _returned = *(byte**)page;
        }
        else if (_fresh != 0)
        {
            page = _next;
            _next += PageTables.PageSize;
            _fresh--;
        }

        if (page != null)
        {
            Remaining--;
        }

        _lock.Release();
        if (used)
        {
            Cpu.ClearMemory(page, PageTables.PageSize);
        }

        return page;
    }

    /// <summary>Takes a page of this source back. Nothing may point to it any more.</summary>
    public void Return(byte* page)
    {
        _lock.Acquire();
        *(byte**)page = _returned;
        _returned = page;
        Remaining++;
        _lock.Release();
    }
}
