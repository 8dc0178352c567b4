using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Ember.Sdk.Fat;
using Ember.Sdk.Gpt;

namespace Ember.Sdk.Differences;

/// <summary>Compares two images of one layout byte by byte, and tells what lies where they differ.</summary>
internal sealed class AreaComparison
{
    private const int BufferSize = 1 << 20;
    private const string Files = "files";

    private readonly ComparedImage _image;
    private readonly List<(long Start, long End)> _files;

    private AreaComparison(ComparedImage before, ComparedImage after)
    {
        _image = before;
        _files = [.. ((ComparedImage[])[before, after])
            .SelectMany(image => image.Partitions.SelectMany(partition => image.Files(partition.Name).Values))
            .SelectMany(stretches => stretches)
            .Select(stretch => (Start: stretch.Offset, End: stretch.Offset + stretch.Length))
            .OrderBy(stretch => stretch.Start)];
    }

    /// <summary>Whether two images have the same length and partitions in the same places.</summary>
    public static bool IsPossible(ComparedImage before, ComparedImage after) => before.Stream.Length == after.Stream.Length
        && before.Partitions.Select(partition => (partition.Name, partition.FirstLba, partition.LastLba))
            .SequenceEqual(after.Partitions.Select(partition => (partition.Name, partition.FirstLba, partition.LastLba)));

    /// <summary>Compares them.</summary>
    /// <returns>How many bytes differ, and what differs outside of files.</returns>
    public static (long DifferentBytes, IReadOnlyList<AreaDifference> Areas) Run(
        ComparedImage before, ComparedImage after, CancellationToken cancellation)
    {
        Dictionary<string, ByteComparison> comparisons = [];
        byte[] first = new byte[BufferSize];
        byte[] second = new byte[BufferSize];
        before.Stream.Position = after.Stream.Position = 0;
        long at = 0;
        foreach ((string name, long end) in new AreaComparison(before, after).Segments())
        {
            if (!comparisons.TryGetValue(name, out ByteComparison? comparison))
            {
                comparisons.Add(name, comparison = new ByteComparison());
            }

            while (at < end)
            {
                cancellation.ThrowIfCancellationRequested();
                int count = (int)Math.Min(BufferSize, end - at);
                before.Stream.ReadExactly(first, 0, count);
                after.Stream.ReadExactly(second, 0, count);
                comparison.Add(at, first.AsSpan(0, count), second.AsSpan(0, count));
                at += count;
            }
        }

        return (
            comparisons.Values.Sum(comparison => comparison.DifferentBytes),
            [.. comparisons
                .Where(area => area.Key != Files && area.Value.DifferentBytes != 0)
                .Select(area => new AreaDifference(area.Key, area.Value.DifferentBytes, area.Value.Ranges))]);
    }

    /// <summary>The image from its first byte to its last: what lies there, and where it ends.</summary>
    private IEnumerable<(string Name, long End)> Segments()
    {
        long at = 0;
        foreach (GptPartition partition in _image.Partitions.OrderBy(partition => partition.FirstLba))
        {
            long start = ComparedImage.Start(partition);
            long end = start + ComparedImage.Length(partition);
            yield return ("partition table", start);
            if (_image.Volume(partition.Name) is { } volume)
            {
                at = start + (volume.Geometry.DataSector * FatGeometry.SectorSize);
                yield return ($"{partition.Name}: tables", at);
                string rest = $"{partition.Name}: folders and free clusters";
                foreach ((long first, long last) in _files.Where(file => file.Start >= start && file.End <= end))
                {
                    if (last > at)
                    {
                        yield return (rest, Math.Max(at, first));
                        yield return (Files, last);
                        at = last;
                    }
                }

                yield return (rest, end);
            }
            else
            {
                yield return (partition.Name, end);
            }
        }

        yield return ("partition table", _image.Stream.Length);
    }
}
