using System;
using System.Runtime.InteropServices;
using Ember.Platform.Memory;

namespace Ember.Platform.Tests.Memory;

/// <summary>Host memory that page tables are built in.</summary>
internal sealed unsafe class PagePool : IDisposable
{
    private readonly ulong _count;
    private readonly byte* _memory;
    private readonly PageSource* _source;

    public PagePool(ulong count)
    {
        _count = count;
        nuint bytes = (nuint)(count * PageTables.PageSize);
        _memory = (byte*)NativeMemory.AlignedAlloc(bytes, (nuint)PageTables.PageSize);
        NativeMemory.Clear(_memory, bytes);
        _source = (PageSource*)NativeMemory.Alloc((nuint)sizeof(PageSource));
        *_source = new PageSource(_memory, count);
    }

    public ulong Used => _count - _source->Remaining;

    public PageTables NewTables(bool hugePages, PageTableFormat format = PageTableFormat.LongMode) => new(_source, hugePages, format);

    public void Dispose()
    {
        NativeMemory.AlignedFree(_memory);
        NativeMemory.Free(_source);
    }
}
