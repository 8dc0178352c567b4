using System;
using System.Collections.Generic;
using CsCheck;
using Ember.Platform.Memory;

namespace Ember.Platform.Tests.Memory;

/// <summary>Builds tables in host memory and reads them back, by their own walk and by one written from the manual alone.</summary>
public sealed unsafe class PageTablesTests : IDisposable
{
    private const ulong Page = 4096;
    private const ulong Large = 2 << 20;
    private const ulong Huge = 1 << 30;
    private readonly PagePool _pool = new(256);

    public void Dispose() => _pool.Dispose();

    [Fact]
    public void Nothing_is_mapped_at_first()
    {
        PageTables tables = _pool.NewTables(hugePages: true);
        Assert.False(tables.TryTranslate(0, out _, out _));
        Assert.False(tables.TryTranslate(PageTables.AddressLimit, out _, out _));
    }

    [Theory]
    [InlineData(true, 1, 2ul)]
    [InlineData(false, 512, 2ul + 1)]
    public void A_gibibyte_takes_the_largest_pages_there_are(bool hugePages, int leaves, ulong pagesUsed)
    {
        PageTables tables = _pool.NewTables(hugePages);
        Assert.True(tables.Map(Huge, 3 * Huge, Huge, PageAttributes.Write));
        Assert.Equal(leaves, ReferenceWalk.Leaves(tables.Root).Count);
        Assert.Equal(pagesUsed, _pool.Used);
    }

    [Theory]
    [InlineData(PageAttributes.None, 0x8000_0000_0000_0001ul)]
    [InlineData(PageAttributes.Write, 0x8000_0000_0000_0003ul)]
    [InlineData(PageAttributes.Execute, 0x1ul)]
    [InlineData(PageAttributes.Write | PageAttributes.Execute | PageAttributes.User, 0x7ul)]
    [InlineData(PageAttributes.Write | PageAttributes.Uncached, 0x8000_0000_0000_001Bul)]
    [InlineData(PageAttributes.Write | PageAttributes.WriteCombining, 0x8000_0000_0000_000Bul)]
    public void Attributes_become_the_bits_of_the_manual(PageAttributes attributes, ulong bits)
    {
        PageTables tables = _pool.NewTables(hugePages: false);
        Assert.True(tables.Map(0x5000, 0x9000, Page, attributes));
        Assert.Equal(0x9000 | bits, ReferenceWalk.Leaves(tables.Root)[0x5000].Entry);
        Assert.True(tables.TryTranslate(0x5123, out ulong physical, out PageAttributes read));
        Assert.Equal(0x9123ul, physical);
        Assert.Equal(attributes, read);
    }

    [Fact]
    public void Unmapping_a_page_inside_a_huge_one_leaves_the_rest_as_it_was()
    {
        PageTables tables = _pool.NewTables(hugePages: true);
        Assert.True(tables.Map(0, 0, Huge, PageAttributes.Write));
        Assert.True(tables.Unmap(Large + Page, Page));
        Assert.False(tables.TryTranslate(Large + Page, out _, out _));
        foreach (ulong address in (ulong[])[0, Page, Large, Large + (2 * Page), Huge - 1])
        {
            Assert.True(tables.TryTranslate(address, out ulong physical, out PageAttributes attributes));
            Assert.Equal(address, physical);
            Assert.Equal(PageAttributes.Write, attributes);
        }
    }

    [Theory]
    [InlineData(1ul, 0ul, Page)]
    [InlineData(0ul, 1ul, Page)]
    [InlineData(0ul, 0ul, 1ul)]
    [InlineData(PageTables.AddressLimit, 0ul, Page)]
    [InlineData(PageTables.AddressLimit - Page, 0ul, 2 * Page)]
    [InlineData(Page, 0ul, ulong.MaxValue - Page + 1)]
    public void What_cannot_be_mapped_is_refused(ulong linear, ulong physical, ulong length)
    {
        PageTables tables = _pool.NewTables(hugePages: true);
        Assert.False(tables.Map(linear, physical, length, PageAttributes.Write));
    }

    [Fact]
    public void Running_out_of_pages_is_reported()
    {
        using var small = new PagePool(3);
        PageTables tables = small.NewTables(hugePages: true);
        Assert.False(tables.Map(0, 0, Page, PageAttributes.Write));
    }

    [Fact]
    public void A_walk_written_from_the_manual_agrees_after_any_sequence_of_mappings() =>
        Gen.Select(
            Gen.Bool,
            Gen.Select(Gen.ULong[0, 2047], Gen.ULong[0, 4095], Gen.ULong[1, 1536], Gen.Int[0, 31]).List[1, 12]).Sample((hugePages, steps) =>
        {
            using var pool = new PagePool(512);
            PageTables tables = pool.NewTables(hugePages);
            var model = new Dictionary<ulong, (ulong Physical, PageAttributes Attributes)>();
            foreach ((ulong linear, ulong physical, ulong count, int attributes) in steps)
            {
                var wanted = (PageAttributes)(attributes & 15);
                bool unmap = (attributes & 16) != 0;
                Assert.True(unmap
                    ? tables.Unmap(linear * Page, count * Page)
                    : tables.Map(linear * Page, physical * Page, count * Page, wanted));
                for (ulong i = 0; i < count; i++)
                {
                    _ = unmap ? model.Remove(linear + i) : (model[linear + i] = (physical + i, wanted)) == default;
                }
            }

            Dictionary<ulong, ReferenceWalk.Leaf> leaves = ReferenceWalk.Pages(tables.Root);
            Assert.Equal(model.Count, leaves.Count);
            foreach ((ulong page, (ulong physical, PageAttributes attributes)) in model)
            {
                Assert.Equal(physical * Page, leaves[page * Page].Physical);
                Assert.Equal((attributes & PageAttributes.Write) != 0, leaves[page * Page].Writable);
                Assert.Equal((attributes & PageAttributes.Execute) != 0, leaves[page * Page].Executable);
            }
        }, iter: 200);

    [Theory]
    [InlineData(PageTableFormat.LongMode)]
    [InlineData(PageTableFormat.Extended)]
    public void Released_tables_give_back_every_page_once_and_the_next_ones_begin_empty(PageTableFormat format) =>
        Gen.Select(
            Gen.Bool,
            Gen.Select(Gen.ULong[0, PageTables.AddressLimit - (1ul << 33)], Gen.Int[0, 3], Gen.ULong[1, 5], Gen.Int[0, 15])
                .List[1, 12]).Sample((hugePages, steps) =>
        {
            using var pool = new PagePool(512);
            PageTables tables = pool.NewTables(hugePages, format);
            foreach ((ulong linear, int level, ulong count, int attributes) in steps)
            {
                ulong size = Page << (9 * Math.Min(level, 2));
                tables.Map(linear / size * size, linear / size * size, count * size, (PageAttributes)attributes);
            }

            ulong used = pool.Used;
            tables.Release();
            Assert.Equal(0ul, pool.Used);
            HashSet<ulong> pages = [];
            for (ulong i = 0; i < 512; i++)
            {
                ulong root = pool.NewTables(hugePages, format).Root;
                Assert.True(pages.Add(root));
                Assert.True(new ReadOnlySpan<byte>((byte*)root, (int)Page).IndexOfAnyExcept((byte)0) < 0);
            }

            Assert.Equal(0ul, pool.NewTables(hugePages, format).Root);
            Assert.True(used >= 1);
        }, iter: 100);

    /// <summary>What a guest of 3 GiB and 2 MiB takes: leaves are the steps in which its tables are built.</summary>
    [Theory]
    [InlineData(true, 1, 3 + 1, 3)]
    [InlineData(true, 0, (3 * 512) + 1, 6)]
    [InlineData(false, 1, (3 * 512) + 1, 6)]
    public void Nested_tables_have_an_entry_for_each_of_the_largest_pages(bool hugePages, int aligned, int leaves, ulong pagesUsed)
    {
        PageTables tables = _pool.NewTables(hugePages);
        ulong physical = (4 * Huge) + (aligned == 1 ? 0 : Large);
        Assert.True(tables.Map(0, physical, (3 * Huge) + Large, PageAttributes.Write));
        Assert.Equal(leaves, ReferenceWalk.Leaves(tables.Root).Count);
        Assert.Equal(pagesUsed, _pool.Used);
    }
}
