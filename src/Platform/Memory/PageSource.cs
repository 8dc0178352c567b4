namespace Ember.Platform.Memory;

/// <summary>A run of pages that are handed out one after the other and never come back.</summary>
/// <param name="first">Start of the run, page-aligned and zeroed.</param>
/// <param name="count">Pages in it.</param>
public unsafe struct PageSource(byte* first, ulong count)
{
    private byte* _next = first;

    /// <summary>Pages left.</summary>
    public ulong Remaining { get; private set; } = count;

    /// <summary>One zeroed page, or null when none is left.</summary>
    public byte* Take()
    {
        if (Remaining == 0)
        {
            return null;
        }

        byte* page = _next;
        _next += PageTables.PageSize;
        Remaining--;
        return page;
    }
}
