using System.Collections.Generic;
using System.Linq;
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
        Assert.Equal(0x1000ul, memory.LargestRun(Page));
        Assert.True(memory.AddFree(0x10_1000, 0x1000));
        Assert.Equal(0x3000ul, memory.LargestRun(Page));
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

    [Theory]
    [InlineData(true, 1ul << 30, 3ul << 30, 5ul << 30)]
    [InlineData(true, (1ul << 30) - (2 << 20), 3ul << 30, (5ul << 30) + (4 << 20))]
    [InlineData(false, 1ul << 30, 3ul << 30, (5ul << 30) + (2 << 20))]
    [InlineData(true, 1ul << 30, 1ul << 30, (3ul << 30) + (2 << 20))]
    public void A_run_lies_where_huge_pages_can_map_it_if_there_is_room(bool hugePages, ulong length, ulong free, ulong expected)
    {
        var memory = default(PhysicalMemory);
        memory.AddFree((3ul << 30) + (2 << 20), free);
        Assert.True(memory.TryTakeLargePages(length, hugePages, 0, ulong.MaxValue, out ulong start));
        Assert.Equal(expected, start);
    }

    [Theory]
    [InlineData(0x40_0000ul, 0x80_0000ul, 0x60_0000ul)]
    [InlineData(0x40_0000ul, 0x7F_F000ul, 0x40_0000ul)]
    [InlineData(0x3F_F000ul, 0x5F_F000ul, 0ul)]
    [InlineData(0x800_0000ul, 0x900_0000ul, 0ul)]
    public void A_run_lies_between_the_addresses_asked_for(ulong low, ulong high, ulong expected)
    {
        var memory = default(PhysicalMemory);
        memory.AddFree(0x10_0000, 0x700_0000);
        Assert.Equal(expected != 0, memory.TryTakeLargePages(0x20_0000, false, low, high, out ulong start));
        Assert.Equal(expected, start);
        Assert.Equal(0x700_0000ul - (expected == 0 ? 0ul : 0x20_0000), memory.FreeBytes);
    }

    [Fact]
    public void Free_bytes_are_counted_between_any_two_addresses()
    {
        var memory = default(PhysicalMemory);
        memory.AddFree(0x10_0000, 0x10_0000);
        memory.AddFree(0x30_0000, 0x10_0000);
        Assert.Equal(0x10_0000ul, memory.FreeBytesWithin(0x18_0000, 0x38_0000));
        Assert.Equal(0x20_0000ul, memory.FreeBytesWithin(0, ulong.MaxValue));
        Assert.Equal(0ul, memory.FreeBytesWithin(0x20_0000, 0x30_0000));
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

    [Fact]
    public void The_largest_run_is_measured_between_aligned_addresses()
    {
        var memory = default(PhysicalMemory);
        memory.AddFree(0x1F_F000, 0x60_2000);
        memory.AddFree(0x100_1000, 0x3F_E000);
        Assert.Equal(0x60_0000ul, memory.LargestRun(0x20_0000));
        Assert.Equal(0x60_2000ul, memory.LargestRun(Page));
        Assert.Equal(0ul, memory.LargestRun(0x4000_0000));
    }

    [Fact]
    public void What_is_taken_and_returned_in_any_order_leaves_the_ranges_of_the_beginning() =>
        Gen.Select(Gen.ULong[1, 64], Gen.Int[0, 4], Gen.Bool, Gen.Int[0, int.MaxValue]).List[1, 200].Sample(steps =>
        {
            (ulong Start, ulong Length)[] initial = [(0x10_0000, 0x40 * Page), (0x20_0000, Page), (0x80_0000, 0x100 * Page)];
            var memory = default(PhysicalMemory);
            foreach ((ulong start, ulong length) in initial)
            {
                memory.AddFree(start, length);
            }

            ulong free = memory.FreeBytes;
            List<(ulong Start, ulong Length)> held = [];
            foreach ((ulong pages, int alignment, bool takes, int pick) in steps)
            {
                if (takes && memory.TryTake(pages * Page, Page << alignment, out ulong start))
                {
                    held.Add((start, pages * Page));
                }
                else if (held.Count != 0)
                {
                    Return(ref memory, held, pick % held.Count);
                }

                Assert.Equal(free, memory.FreeBytes + (ulong)held.Sum(run => (long)run.Length));
            }

            while (held.Count != 0)
            {
                Return(ref memory, held, 0);
            }

            foreach ((ulong start, ulong length) in initial.OrderByDescending(range => range.Length))
            {
                Assert.Equal(length, memory.LargestRun(Page));
                Assert.True(memory.TryTake(length, Page, out ulong whole));
                Assert.Equal(start, whole);
            }

            Assert.Equal(0ul, memory.FreeBytes);
        });

    /// <summary>The hardest case for the table: every run returned becomes a range of its own.</summary>
    [Fact]
    public void There_is_always_room_to_return_what_was_taken()
    {
        var memory = default(PhysicalMemory);
        memory.AddFree(0x10_0000, 4 * PhysicalMemory.MaximumRanges * Page);
        List<(ulong Start, ulong Length)> held = [];
        while (memory.TryTake(Page, Page, out ulong start))
        {
            held.Add((start, Page));
        }

        Assert.Equal(PhysicalMemory.MaximumRanges - 1, held.Count);
        for (int i = held.Count - 1; i >= 0; i -= 2)
        {
            Return(ref memory, held, i);
        }

        while (held.Count != 0)
        {
            Return(ref memory, held, 0);
        }

        Assert.Equal(4 * PhysicalMemory.MaximumRanges * Page, memory.FreeBytes);
        Assert.Equal(memory.FreeBytes, memory.LargestRun(Page));
    }

    private static void Return(ref PhysicalMemory memory, List<(ulong Start, ulong Length)> held, int index)
    {
        memory.Return(held[index].Start, held[index].Length);
        held.RemoveAt(index);
    }
}
