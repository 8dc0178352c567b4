using System.Collections.Generic;
using CsCheck;
using Ember.Platform.Memory;

namespace Ember.Platform.Tests.Memory;

public sealed class PhysicalMemoryTests
{
    private const ulong Page = 4096;

    [Fact]
    public void Neighbours_become_one_range()
    {
        var memory = default(PhysicalMemory);
        Assert.True(memory.AddFree(0x10_0000, 0x1000));
        Assert.True(memory.AddFree(0x10_2000, 0x1000));
        Assert.Equal(0x1000ul, memory.LargestRange);
        Assert.True(memory.AddFree(0x10_1000, 0x1000));
        Assert.Equal(0x3000ul, memory.LargestRange);
        Assert.Equal(0x3000ul, memory.FreeBytes);
    }

    [Fact]
    public void A_run_is_aligned_and_comes_from_the_highest_range_that_has_it()
    {
        var memory = default(PhysicalMemory);
        memory.AddFree(0x10_0000, 0x80_0000);
        memory.AddFree(0x100_0000, 0x1000);
        Assert.True(memory.TryTake(0x20_0000, 0x20_0000, out ulong start));
        Assert.Equal(0x60_0000ul, start);
        Assert.Equal(0x80_0000ul + 0x1000 - 0x20_0000, memory.FreeBytes);
    }

    [Fact]
    public void What_does_not_fit_changes_nothing()
    {
        var memory = default(PhysicalMemory);
        memory.AddFree(0x10_1000, 0x3F_F000);
        Assert.False(memory.TryTake(0x40_0000, Page, out _));
        Assert.False(memory.TryTake(0x20_0000, 0x80_0000, out _));
        Assert.Equal(0x3F_F000ul, memory.FreeBytes);
    }

    [Fact]
    public void A_full_table_refuses_another_range_and_still_joins()
    {
        var memory = default(PhysicalMemory);
        for (ulong i = 0; i < PhysicalMemory.MaximumRanges; i++)
        {
            Assert.True(memory.AddFree(0x10_0000 + (i * 2 * Page), Page));
        }

        Assert.False(memory.AddFree(0x4000_0000, Page));
        Assert.True(memory.AddFree(0x10_0000 + Page, Page));
        Assert.True(memory.AddFree(0x4000_0000, Page));
    }

    [Fact]
    public void Runs_never_overlap_and_nothing_is_lost() =>
        Gen.Select(Gen.ULong[1, 64], Gen.Int[0, 4]).List[1, 60].Sample(requests =>
        {
            var memory = default(PhysicalMemory);
            memory.AddFree(0x10_0000, 0x40 * Page);
            memory.AddFree(0x80_0000, 0x100 * Page);
            ulong free = memory.FreeBytes;
            var taken = new SortedDictionary<ulong, ulong>();
            foreach ((ulong pages, int alignment) in requests)
            {
                if (memory.TryTake(pages * Page, Page << alignment, out ulong start))
                {
                    Assert.Equal(0ul, start % (Page << alignment));
                    taken.Add(start, pages * Page);
                    free -= pages * Page;
                }

                Assert.Equal(free, memory.FreeBytes);
            }

            ulong end = 0;
            foreach ((ulong start, ulong length) in taken)
            {
                Assert.True(start >= end);
                end = start + length;
                Assert.True((start >= 0x10_0000 && end <= 0x14_0000) || (start >= 0x80_0000 && end <= 0x90_0000));
            }
        });
}
