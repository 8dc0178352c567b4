using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using Ember.Sdk.Verification.Rules;

namespace Ember.Sdk.Verification.Fat;

/// <summary>Checks both FATs, and follows chains in the first, each cluster once.</summary>
internal sealed class FatTableCheck
{
    private readonly FatVolume _volume;
    private readonly ImageBytes _image;
    private readonly Findings _findings;
    private readonly uint[] _entries;
    private readonly int[] _owners;
    private readonly List<string> _paths = ["nothing"];
    private readonly uint _ones;

    public FatTableCheck(FatVolume volume, ImageBytes image, Findings findings)
    {
        _volume = volume;
        _image = image;
        _findings = findings;
        _ones = volume.Bits == 32 ? 0x0FFF_FFFF : (1u << volume.Bits) - 1;
        _entries = new uint[volume.ClusterCount + FatVolume.FirstCluster];
        _owners = new int[_entries.Length];
        byte[] table = image.Read(volume.FatOffset(0), volume.FatSectors * ImageBytes.SectorSize);
        Decode(table);
        CheckSame(table);
        CheckFirst();
        CheckBehindLast(table);
    }

    private uint Bad => _ones - 8;

    private uint LeastEnd => _ones - 7;

    /// <summary>Follows a chain and claims its clusters.</summary>
    /// <param name="first">Its first cluster.</param>
    /// <param name="place">Whose it is.</param>
    public List<ClusterRun> Claim(uint first, Place place)
    {
        List<ClusterRun> runs = [];
        int owner = _paths.Count;
        _paths.Add(place.Path ?? "/");
        for (uint cluster = first; cluster < LeastEnd || runs.Count == 0; cluster = _entries[cluster])
        {
            Place at = place.At(EntryOffset(runs.Count == 0 ? first : runs[^1].First + runs[^1].Count - 1));
            if (cluster == Bad && runs.Count != 0)
            {
                _findings.Add(FatRules.ChainBad, at, "its chain leads to a cluster that is marked as bad");
                break;
            }

            if (cluster == 0 && runs.Count != 0)
            {
                _findings.Add(FatRules.ChainFree, at, "its chain leads to a cluster that is marked as free");
                break;
            }

            if (cluster < FatVolume.FirstCluster || cluster >= _entries.Length)
            {
                _findings.Add(FatRules.ChainRange, at, FormattableString.Invariant($"its chain leads to cluster {cluster}, which is none"));
                break;
            }

            if (_owners[cluster] != 0)
            {
                _findings.Add(
                    _owners[cluster] == owner ? FatRules.ChainLoop : FatRules.ChainCrossing, at,
                    FormattableString.Invariant($"its chain leads to cluster {cluster}, which belongs to {_paths[_owners[cluster]]}"));
                break;
            }

            _owners[cluster] = owner;
            if (runs.Count != 0 && runs[^1].First + runs[^1].Count == cluster)
            {
                runs[^1] = runs[^1] with { Count = runs[^1].Count + 1 };
            }
            else
            {
                runs.Add(new ClusterRun(cluster, 1));
            }
        }

        return runs;
    }

    /// <summary>Checks what nothing has claimed, and what FSInfo says of it.</summary>
    public void Finish()
    {
        uint free = 0;
        for (uint cluster = FatVolume.FirstCluster; cluster < _entries.Length; cluster++)
        {
            uint entry = _entries[cluster];
            free += entry == 0 ? 1u : 0;
            if (entry == Bad)
            {
                _findings.Add(FatRules.BadClusters, At(cluster), FormattableString.Invariant($"cluster {cluster} is"));
            }
            else if (entry != 0 && _owners[cluster] == 0 && (cluster == FatVolume.FirstCluster || !IsOrphan(cluster - 1)))
            {
                _findings.Add(FatRules.Orphans, At(cluster),
                    FormattableString.Invariant($"cluster {cluster} and those behind it belong to none"));
            }
        }

        if (_volume.Bits == 32)
        {
            CheckInfo(free);
        }
    }

    private bool IsOrphan(uint cluster) => _entries[cluster] != 0 && _entries[cluster] != Bad && _owners[cluster] == 0;

    private void CheckInfo(uint free)
    {
        byte[] info = _image.Read(_volume.Start + ImageBytes.SectorSize, ImageBytes.SectorSize);
        Place place = _volume.Place.At(_volume.Start + ImageBytes.SectorSize);
        uint stated = BinaryPrimitives.ReadUInt32LittleEndian(info.AsSpan(488));
        uint next = BinaryPrimitives.ReadUInt32LittleEndian(info.AsSpan(492));
        _findings.Require(stated == free, FatRules.FreeCount, place, $"it says {stated}, and there are {free}");
        _findings.Require(
            free == 0 ? next == uint.MaxValue : next >= FatVolume.FirstCluster && next < _entries.Length && _entries[next] == 0,
            FatRules.NextFree, place, $"it names {next}");
    }

    private void Decode(byte[] table)
    {
        bool hasUpperBits = false;
        for (int i = 0; i < _entries.Length; i++)
        {
            switch (_volume.Bits)
            {
                case 12:
                    int pair = BinaryPrimitives.ReadUInt16LittleEndian(table.AsSpan(i + (i / 2)));
                    _entries[i] = (uint)((i & 1) == 0 ? pair & 0xFFF : pair >> 4);
                    break;
                case 16:
                    _entries[i] = BinaryPrimitives.ReadUInt16LittleEndian(table.AsSpan(i * 2));
                    break;
                default:
                    uint entry = BinaryPrimitives.ReadUInt32LittleEndian(table.AsSpan(i * 4));
                    hasUpperBits |= entry > _ones;
                    _entries[i] = entry & _ones;
                    break;
            }
        }

        _findings.Require(!hasUpperBits, FatRules.UpperBits, _volume.Place.At(_volume.FatOffset(0)), $"some are not");
    }

    private void CheckSame(ReadOnlySpan<byte> table)
    {
        byte[] second = _image.Read(_volume.FatOffset(1), table.Length);
        int same = table.CommonPrefixLength(second);
        _findings.Require(same == table.Length, FatRules.SameFats, _volume.Place.At(_volume.FatOffset(1) + same), $"byte {same} differs");
    }

    private void CheckFirst()
    {
        uint expected = (_ones & ~0xFFu) | 0xF8;
        _findings.Require(_entries[0] == expected, FatRules.MediaEntry, At(0), $"it is {_entries[0]:X}");

        // FAT12 has no bits for trouble.
        uint troubleBits = _volume.Bits == 12 ? 0 : 3u << (_volume.Bits == 16 ? 14 : 26);
        _findings.Require((_entries[1] | troubleBits) == _ones, FatRules.EndEntry, At(1), $"it is {_entries[1]:X}");
        _findings.Require((_entries[1] & troubleBits) == troubleBits, FatRules.Dirty, At(1), $"entry 1 is {_entries[1]:X}");
    }

    private void CheckBehindLast(ReadOnlySpan<byte> table)
    {
        // FAT12 may share the last byte of the last entry with the first behind it.
        int nibbles = _entries.Length * _volume.Bits / 4;
        bool isClean = !table[((nibbles + 1) / 2)..].ContainsAnyExcept((byte)0) && (nibbles % 2 == 0 || table[nibbles / 2] >> 4 == 0);
        _findings.Require(isClean, FatRules.BehindLast, At((uint)_entries.Length), $"some are not");
    }

    private Place At(uint cluster) => _volume.Place.At(EntryOffset(cluster));

    private long EntryOffset(uint cluster) => _volume.FatOffset(0) + ((long)cluster * _volume.Bits / 8);
}
