using System.Runtime.CompilerServices;

namespace Ember.Platform.Memory;

/// <summary>The machine's free memory: sorted, disjoint ranges from which whole runs of pages are taken at start-up.</summary>
public unsafe struct PhysicalMemory
{
    /// <summary>More ranges than any memory map seen needs; what does not fit is left unused.</summary>
    public const int MaximumRanges = 256;

    private Ranges _ranges;
    private int _count;

    /// <summary>Bytes free in all ranges together.</summary>
    public readonly ulong FreeBytes
    {
        get
        {
            ulong total = 0;
            for (int i = 0; i < _count; i++)
            {
                total += _ranges[i].Length;
            }

            return total;
        }
    }

    /// <summary>The longest free run in bytes.</summary>
    public readonly ulong LargestRange
    {
        get
        {
            ulong largest = 0;
            for (int i = 0; i < _count; i++)
            {
                largest = _ranges[i].Length > largest ? _ranges[i].Length : largest;
            }

            return largest;
        }
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

        bool joinsPrevious = at > 0 && _ranges[at - 1].Start + _ranges[at - 1].Length == start;
        bool joinsNext = at < _count && start + length == _ranges[at].Start;
        if (joinsPrevious)
        {
            _ranges[at - 1].Length += length;
            if (joinsNext)
            {
                _ranges[at - 1].Length += _ranges[at].Length;
                Remove(at);
            }

            return true;
        }

        if (joinsNext)
        {
            _ranges[at].Start = start;
            _ranges[at].Length += length;
            return true;
        }

        if (_count == MaximumRanges)
        {
            return false;
        }

        for (int i = _count; i > at; i--)
        {
            _ranges[i] = _ranges[i - 1];
        }

        _ranges[at] = new Range { Start = start, Length = length };
        _count++;
        return true;
    }

    /// <summary>Takes a contiguous run from the highest range that has one. The memory is not cleared.</summary>
    /// <param name="length">Bytes, a multiple of 4 KiB.</param>
    /// <param name="alignment">A power of two, at least 4 KiB.</param>
    /// <param name="start">Physical address of the run.</param>
    /// <returns>False when no range has room.</returns>
    public bool TryTake(ulong length, ulong alignment, out ulong start)
    {
        for (int i = _count - 1; i >= 0; i--)
        {
            Range range = _ranges[i];
            if (range.Length < length)
            {
                continue;
            }

            start = (range.Start + range.Length - length) & ~(alignment - 1);
            if (start < range.Start)
            {
                continue;
            }

            ulong after = range.Start + range.Length - (start + length);
            _ranges[i].Length = start - range.Start;
            if (_ranges[i].Length == 0)
            {
                Remove(i);
            }

            if (after != 0)
            {
                AddFree(start + length, after);
            }

            return true;
        }

        start = 0;
        return false;
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
    }

    [InlineArray(MaximumRanges)]
    private struct Ranges
    {
        private Range _first;
    }
}
