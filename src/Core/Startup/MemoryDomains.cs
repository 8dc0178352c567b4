using System.Runtime.CompilerServices;
using Ember.Platform.Acpi;
using Ember.Platform.Memory;

namespace Ember.Core.Startup;

/// <summary>Which memory is near which processors, on machines that have more than one kind of near.</summary>
internal unsafe struct MemoryDomains
{
    /// <summary>No domain: where most is free.</summary>
    public const uint Any = uint.MaxValue;

    /// <summary>More ranges than machines describe; memory in others is used when the known domains are full.</summary>
    private const int MaximumRanges = 64;

    private Srat _srat;
    private Ranges _ranges;
    private int _count;

    /// <summary>Domains that have memory; 0 when the machine does not say.</summary>
    public readonly int Count
    {
        get
        {
            int count = 0;
            for (int i = 0; i < _count; i++)
            {
                int first = 0;
                while (_ranges[first].Domain != _ranges[i].Domain)
                {
                    first++;
                }

                count += first == i ? 1 : 0;
            }

            return count;
        }
    }

    /// <summary>Reads what the firmware says.</summary>
    /// <param name="srat">A table whose checksum is right; must stay.</param>
    public void Read(in Srat srat)
    {
        _srat = srat;
        uint at = 0;
        while (_count < MaximumRanges && srat.TryGetNextMemory(ref at, out MemoryAffinity range))
        {
            _ranges[_count] = range;
            _count++;
        }
    }

    /// <summary>The domain of a processor; <see cref="Any"/> when the machine has none or does not say.</summary>
    public readonly uint Of(uint apicId) => _count != 0 && _srat.TryGetDomain(apicId, out uint domain) ? domain : Any;

    /// <summary>Takes a run for a virtual machine from a domain, from any memory when the domain has no room.</summary>
    /// <param name="memory">Where from.</param>
    /// <param name="length">Bytes, a multiple of 2 MiB.</param>
    /// <param name="hugePages">Whether 1 GiB pages are of use.</param>
    /// <param name="domain">The domain, or <see cref="Any"/>.</param>
    /// <param name="start">Physical address of the run.</param>
    public readonly bool TryTake(ref PhysicalMemory memory, ulong length, bool hugePages, uint domain, out ulong start)
    {
        domain = domain == Any ? WithMostFree(in memory) : domain;
        for (int i = 0; i < _count; i++)
        {
            MemoryAffinity range = _ranges[i];
            if (range.Domain == domain && memory.TryTakeLargePages(length, hugePages, range.Start, EndOf(in range), out start))
            {
                return true;
            }
        }

        return memory.TryTakeLargePages(length, hugePages, 0, ulong.MaxValue, out start);
    }

    private readonly uint WithMostFree(in PhysicalMemory memory)
    {
        uint best = Any;
        ulong most = 0;
        for (int i = 0; i < _count; i++)
        {
            ulong free = 0;
            for (int j = 0; j < _count; j++)
            {
                if (_ranges[j].Domain == _ranges[i].Domain)
                {
                    free += memory.FreeBytesWithin(_ranges[j].Start, EndOf(in _ranges[j]));
                }
            }

            if (free > most)
            {
                most = free;
                best = _ranges[i].Domain;
            }
        }

        return best;
    }

    private static ulong EndOf(in MemoryAffinity range) =>
        range.Length > ulong.MaxValue - range.Start ? ulong.MaxValue : range.Start + range.Length;

    [InlineArray(MaximumRanges)]
    private struct Ranges
    {
        private MemoryAffinity _first;
    }
}
