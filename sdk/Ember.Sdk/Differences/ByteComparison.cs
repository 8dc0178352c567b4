using System;
using System.Collections.Generic;

namespace Ember.Sdk.Differences;

/// <summary>Counts bytes that differ, and remembers where the first of them are.</summary>
internal sealed class ByteComparison
{
    private const int MostRanges = 8;
    private const int LargestGap = 7;

    private readonly List<ByteRange> _ranges = [];

    public long DifferentBytes { get; private set; }

    public IReadOnlyList<ByteRange> Ranges => _ranges;

    /// <summary>Compares what stands at a place; further places come in ascending order.</summary>
    public void Add(long start, ReadOnlySpan<byte> before, ReadOnlySpan<byte> after)
    {
        int length = Math.Min(before.Length, after.Length);
        int at = 0;
        for (int same = before[..length].CommonPrefixLength(after[..length]); (at += same) < length;
            same = before[at..length].CommonPrefixLength(after[at..length]))
        {
            AddRange(start + at, 1);
            at++;
        }

        int rest = Math.Max(before.Length, after.Length) - length;
        if (rest != 0)
        {
            AddRange(start + length, rest);
        }
    }

    private void AddRange(long start, long length)
    {
        DifferentBytes += length;
        if (_ranges.Count != 0 && _ranges[^1] is { } last && start - (last.Start + last.Length) <= LargestGap)
        {
            _ranges[^1] = last with { Length = start + length - last.Start };
        }
        else if (_ranges.Count < MostRanges)
        {
            _ranges.Add(new ByteRange(start, length));
        }
    }
}
