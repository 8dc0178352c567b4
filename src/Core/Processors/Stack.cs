using Ember.Platform.Memory;

namespace Ember.Core.Processors;

/// <summary>A stack with an unmapped page below it, so that running over its end faults instead of overwriting something.</summary>
/// <param name="low">Its first byte.</param>
/// <param name="high">Behind its last byte, where it starts out.</param>
internal readonly struct Stack(ulong low, ulong high)
{
    public readonly ulong Low = low;

    public readonly ulong High = high;

    /// <summary>Makes a stack of a run of pages, giving up the first of them as the guard.</summary>
    /// <param name="tables">The address space it is used in.</param>
    /// <param name="pages">The run.</param>
    /// <param name="length">Its bytes, at least two pages.</param>
    /// <param name="stack">The stack.</param>
    public static bool TryCreate(in PageTables tables, ulong pages, ulong length, out Stack stack)
    {
        stack = new Stack(pages + PageTables.PageSize, pages + length);
        return tables.Unmap(pages, PageTables.PageSize);
    }

    public bool Contains(ulong address) => address >= Low && address < High;
}
