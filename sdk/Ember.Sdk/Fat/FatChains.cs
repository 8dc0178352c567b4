using System;
using System.Collections.Generic;

namespace Ember.Sdk.Fat;

/// <summary>The allocation table of a volume, and which clusters have been claimed by a folder or file so far.</summary>
internal sealed class FatChains
{
    private readonly uint[] _entries;
    private readonly bool[] _claimed;
    private readonly uint _leastEndOfChain;

    /// <summary>Takes one FAT.</summary>
    /// <param name="table">All of its bytes.</param>
    /// <param name="geometry">How the volume divides its sectors.</param>
    /// <exception cref="ImageException">It breaks a rule of the format.</exception>
    public FatChains(ReadOnlySpan<byte> table, FatGeometry geometry)
    {
        _entries = FatTable.Decode(table, geometry.Type);
        _leastEndOfChain = FatTable.LeastEndOfChain(geometry.Type);
        int end = (int)(geometry.ClusterCount + FatGeometry.FirstCluster);
        FatReader.Require(_entries[0] == FatTable.MediaEntry(geometry.Type), "FAT", "its first entry is not the media byte");
        FatReader.Require(_entries[1] == FatTable.EndOfChain(geometry.Type), "FAT", "the volume is marked as not in order");
        FatReader.Require(!_entries.AsSpan(end).ContainsAnyExcept(0u), "FAT", "entries beyond the last cluster are not zero");
        _entries = _entries[..end];
        _claimed = new bool[end];
    }

    /// <summary>Clusters marked as free.</summary>
    public uint FreeCount => (uint)_entries.AsSpan((int)FatGeometry.FirstCluster).Count(0u);

    /// <summary>The stretches of clusters that are in use, in ascending order.</summary>
    public IEnumerable<(uint First, uint Count)> UsedRuns()
    {
        for (uint first = FatGeometry.FirstCluster; first < _entries.Length; first++)
        {
            uint end = first;
            while (end < _entries.Length && _entries[end] != 0)
            {
                end++;
            }

            if (end != first)
            {
                yield return (first, end - first);
                first = end;
            }
        }
    }

    /// <summary>Whether there is such a cluster.</summary>
    public bool Exists(uint cluster) => cluster >= FatGeometry.FirstCluster && cluster < _entries.Length;

    /// <summary>The clusters of a chain in order, which are claimed with this.</summary>
    /// <exception cref="ImageException">The chain leaves the volume, is broken, or runs into a claimed cluster.</exception>
    public List<uint> Claim(uint first, string path)
    {
        List<uint> chain = [];
        for (uint cluster = first; cluster < _leastEndOfChain || chain.Count == 0; cluster = _entries[cluster])
        {
            FatReader.Require(Exists(cluster), path,
                $"its cluster chain leads to 0x{cluster:X}, which is none");
            FatReader.Require(!_claimed[cluster], path, $"its cluster {cluster} belongs to something else too");
            _claimed[cluster] = true;
            chain.Add(cluster);
        }

        return chain;
    }

    /// <summary>Checks that what is not free has been claimed.</summary>
    /// <exception cref="ImageException">A cluster belongs to nothing.</exception>
    public void RequireAllClaimed()
    {
        for (int cluster = (int)FatGeometry.FirstCluster; cluster < _entries.Length; cluster++)
        {
            FatReader.Require(_entries[cluster] == 0 || _claimed[cluster], "FAT", $"cluster {cluster} is in use, and by nothing");
        }
    }
}
