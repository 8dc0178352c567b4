using System.Runtime.CompilerServices;

namespace Ember.Platform.Memory;

/// <summary>The machine's free memory: sorted, disjoint ranges from which whole runs of pages are taken at start-up.</summary>
public unsafe struct PhysicalMemory
{
    /// <summary>
    /// Free ranges and taken runs together: more than any memory map and any set of machines seen needs. A run that is returned becomes
    /// one range more at most, so that there is always room for it; a range of the firmware's that does not fit is left unused.
    /// </summary>
    public const int MaximumRanges = 512;

    private Ranges _ranges;
    private int _count;
    private int _taken;

    /// <summary>Bytes free in all ranges together.</summary>
    public ulong FreeBytes { get; private set; }

    /// <summary>The longest free run in bytes that begins and ends at multiples of an alignment.</summary>
    /// <param name="alignment">A power of two.</param>
    public readonly ulong LargestRun(ulong alignment)
    {
        ulong largest = 0;
        for (int i = 0; i < _count; i++)
        {
            ulong start = (_ranges[i].Start + alignment - 1) & ~(alignment - 1);
            ulong end = _ranges[i].End & ~(alignment - 1);
            largest = end > start && end - start > largest ? end - start : largest;
        }

        return largest;
    }

    /// <summary>Bytes free between two addresses.</summary>
    public readonly ulong FreeBytesWithin(ulong low, ulong high)
    {
        ulong total = 0;
        for (int i = 0; i < _count; i++)
        {
            total += _ranges[i].Within(low, high).Length;
        }

        return total;
    }

    /// <summary>Adds a range, joined with its neighbours. It must not overlap one that is free already.</summary>
    /// <returns>False when the range was not added because the table is full.</returns>
    public bool AddFree(ulong start, ulong length)
    {
        int at = 0;
        while (at < _count && _ranges[at].Start < start)
        {
            at++;
        }

        bool joinsPrevious = at > 0 && _ranges[at - 1].End == start;
        bool joinsNext = at < _count && start + length == _ranges[at].Start;
        if (joinsPrevious)
        {
            _ranges[at - 1].Length += length;
            if (joinsNext)
            {
                _ranges[at - 1].Length += _ranges[at].Length;
                Remove(at);
            }
        }
        else if (joinsNext)
        {
            _ranges[at].Start = start;
            _ranges[at].Length += length;
        }
        else if (_count + _taken < MaximumRanges)
        {
            Insert(at, start, length);
        }
        else
        {
            return false;
        }

        FreeBytes += length;
        return true;
    }

    /// <summary>Takes a contiguous run from the highest range that has one. The memory is not cleared.</summary>
    /// <param name="length">Bytes, a multiple of 4 KiB.</param>
    /// <param name="alignment">A power of two, at least 4 KiB.</param>
    /// <param name="start">Physical address of the run.</param>
    /// <returns>False when no range has room.</returns>
    public bool TryTake(ulong length, ulong alignment, out ulong start) => TryTake(length, alignment, 0, ulong.MaxValue, out start);

    /// <summary>Takes a run that large pages can map, and huge ones as far as they fit in it if there is room for that.</summary>
    /// <param name="length">Bytes, a multiple of 2 MiB.</param>
    /// <param name="hugePages">Whether 1 GiB pages are of use.</param>
    /// <param name="low">The lowest address it may have.</param>
    /// <param name="high">Where it has to end.</param>
    /// <param name="start">Physical address of the run.</param>
    /// <returns>False when no range has room.</returns>
    public bool TryTakeLargePages(ulong length, bool hugePages, ulong low, ulong high, out ulong start) =>
        (hugePages && length >= PageTables.HugePageSize && TryTake(length, PageTables.HugePageSize, low, high, out start))
        || TryTake(length, PageTables.LargePageSize, low, high, out start);

    /// <summary>Gives back a run as it was taken: the whole of it, once.</summary>
    /// <param name="start">Physical address of the run.</param>
    /// <param name="length">Its bytes.</param>
    public void Return(ulong start, ulong length)
    {
        _taken--;
        AddFree(start, length);
    }

    private bool TryTake(ulong length, ulong alignment, ulong low, ulong high, out ulong start)
    {
        for (int i = _count - 1; i >= 0; i--)
        {
            Range range = _ranges[i];
            Range usable = range.Within(low, high);
            if (usable.Length < length)
            {
                continue;
            }

            start = (usable.End - length) & ~(alignment - 1);
            if (start < usable.Start)
            {
                continue;
            }

            ulong before = start - range.Start;
            ulong after = range.End - (start + length);
            int ranges = _count - 1 + (before != 0 ? 1 : 0) + (after != 0 ? 1 : 0);
            if (ranges + _taken + 1 > MaximumRanges)
            {
                continue;
            }

            Remove(i);
            if (after != 0)
            {
                Insert(i, start + length, after);
            }

            if (before != 0)
            {
                Insert(i, range.Start, before);
            }

            _taken++;
            FreeBytes -= length;
            return true;
        }

        start = 0;
        return false;
    }

    private void Insert(int at, ulong start, ulong length)
    {
        for (int i = _count; i > at; i--)
        {
            _ranges[i] = _ranges[i - 1];
        }

        _ranges[at] = new Range { Start = start, Length = length };
        _count++;
    }

    private void Remove(int at)
    {
        _count--;
        for (int i = at; i < _count; i++)
        {
            _ranges[i] = _ranges[i + 1];
        }
    }

    private struct Range
    {
        public ulong Start;
        public ulong Length;

        public readonly ulong End => Start + Length;

        public readonly Range Within(ulong low, ulong high)
        {
            ulong start = Start > low ? Start : low;
            ulong end = End < high ? End : high;
            return new Range { Start = start, Length = end > start ? end - start : 0 };
        }
    }

    [InlineArray(MaximumRanges)]
    private struct Ranges
    {
        private Range _first;
    }
}
