using System;
using System.Collections.Generic;
using CsCheck;
using Ember.Platform.Memory;

namespace Ember.Platform.Tests.Memory;

/// <summary>Page tables in Intel's extended format, read back by their own walk and by one written from the manual alone.</summary>
public sealed class ExtendedPageTablesTests : IDisposable
{
    private const ulong Page = 4096;
    private readonly PagePool _pool = new(64);

    public void Dispose() => _pool.Dispose();

    /// <summary>Read 0, write 1, execute 2, memory type 5:3: 6 write-back, 1 write-combining, 0 uncached. There is no user bit.</summary>
    [Theory]
    [InlineData(PageAttributes.None, 0x31ul)]
    [InlineData(PageAttributes.Write, 0x33ul)]
    [InlineData(PageAttributes.Execute, 0x35ul)]
    [InlineData(PageAttributes.Write | PageAttributes.Execute, 0x37ul)]
    [InlineData(PageAttributes.Write | PageAttributes.Uncached, 0x03ul)]
    [InlineData(PageAttributes.Write | PageAttributes.WriteCombining, 0x0Bul)]
    public unsafe void Attributes_become_the_bits_of_the_manual(PageAttributes attributes, ulong bits)
    {
        PageTables tables = _pool.NewTables(hugePages: false, PageTableFormat.Extended);
        Assert.True(tables.Map(0, 0x9000, Page, attributes));
        ulong entry = tables.Root;
        for (int level = 0; level < 4; level++)
        {
            entry = *(ulong*)(entry & ~0xFFFul);
            Assert.Equal(level == 3 ? bits : 7, entry & 0xFFF);
        }

        Assert.Equal(0x9000 | bits, entry);
        Assert.True(tables.TryTranslate(0x123, out ulong physical, out PageAttributes read));
        Assert.Equal((0x9123ul, attributes), (physical, read));
    }

    [Fact]
    public void User_privilege_means_nothing_here()
    {
        PageTables tables = _pool.NewTables(hugePages: true, PageTableFormat.Extended);
        Assert.True(tables.Map(0, 0, Page, PageAttributes.User));
        Assert.Equal(1, ExtendedWalk.Pages(tables.Root)[0].Rights);
    }

    [Fact]
    public void A_walk_written_from_the_manual_agrees_after_any_sequence_of_mappings() =>
        Gen.Select(
            Gen.Bool,
            Gen.Select(Gen.ULong[0, 2047], Gen.ULong[0, 4095], Gen.ULong[1, 1536], Gen.Int[0, 63]).List[1, 12]).Sample((hugePages, steps) =>
        {
            using var pool = new PagePool(512);
            PageTables tables = pool.NewTables(hugePages, PageTableFormat.Extended);
            Dictionary<ulong, ExtendedWalk.Page> model = [];
            foreach ((ulong guest, ulong physical, ulong count, int kind) in steps)
            {
                var wanted = (PageAttributes)(kind & 31);
                bool unmap = (kind & 32) != 0;
                Assert.True(unmap
                    ? tables.Unmap(guest * Page, count * Page)
                    : tables.Map(guest * Page, physical * Page, count * Page, wanted));
                int rights = 1 | (wanted.HasFlag(PageAttributes.Write) ? 2 : 0) | (wanted.HasFlag(PageAttributes.Execute) ? 4 : 0);
                int type = wanted.HasFlag(PageAttributes.Uncached) ? 0 : wanted.HasFlag(PageAttributes.WriteCombining) ? 1 : 6;
                for (ulong i = 0; i < count; i++)
                {
                    _ = unmap
                        ? model.Remove((guest + i) * Page)
                        : (model[(guest + i) * Page] = new ExtendedWalk.Page((physical + i) * Page, rights, type)) is null;
                }
            }

            Dictionary<ulong, ExtendedWalk.Page> walked = ExtendedWalk.Pages(tables.Root);
            Assert.Equal(model.Count, walked.Count);
            foreach ((ulong page, ExtendedWalk.Page expected) in model)
            {
                Assert.Equal(expected, walked[page]);
            }
        }, iter: 200);
}
