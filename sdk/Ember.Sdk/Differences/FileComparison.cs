using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Ember.Sdk.Pe;

namespace Ember.Sdk.Differences;

/// <summary>Compares the files of a partition of two images.</summary>
internal static class FileComparison
{
    private const int BufferSize = 1 << 20;

    /// <summary>Finds files that differ, by name.</summary>
    public static IEnumerable<FileDifference> Run(
        ComparedImage before, ComparedImage after, string partition, CancellationToken cancellation)
    {
        IReadOnlyDictionary<string, IReadOnlyList<(long Offset, long Length)>> first = before.Files(partition);
        IReadOnlyDictionary<string, IReadOnlyList<(long Offset, long Length)>> second = after.Files(partition);
        foreach (string path in first.Keys.Union(second.Keys, StringComparer.OrdinalIgnoreCase).Order(StringComparer.Ordinal))
        {
            cancellation.ThrowIfCancellationRequested();
            IReadOnlyList<(long Offset, long Length)>? left = first.GetValueOrDefault(path);
            IReadOnlyList<(long Offset, long Length)>? right = second.GetValueOrDefault(path);
            long? lengthBefore = left?.Sum(stretch => stretch.Length);
            long? lengthAfter = right?.Sum(stretch => stretch.Length);
            ByteComparison bytes = Compare(new StretchReader(before.Stream, left ?? []), new StretchReader(after.Stream, right ?? []));
            if (bytes.DifferentBytes != 0 || lengthBefore != lengthAfter)
            {
                PartDifference[] parts = lengthBefore is null || lengthAfter is null || !IsExecutable(path)
                    ? []
                    : [.. Parts(before.Volume(partition)!.ReadFile(path), after.Volume(partition)!.ReadFile(path))];
                yield return new FileDifference(
                    partition, path, lengthBefore, lengthAfter, bytes.DifferentBytes, bytes.Ranges, parts);
            }
        }
    }

    private static ByteComparison Compare(StretchReader first, StretchReader second)
    {
        ByteComparison comparison = new();
        byte[] firstBuffer = new byte[BufferSize];
        byte[] secondBuffer = new byte[BufferSize];
        for (long at = 0; ; at += BufferSize)
        {
            ReadOnlySpan<byte> left = first.Read(firstBuffer);
            ReadOnlySpan<byte> right = second.Read(secondBuffer);
            if (left.IsEmpty && right.IsEmpty)
            {
                return comparison;
            }

            comparison.Add(at, left, right);
        }
    }

    private static bool IsExecutable(string path) => path.EndsWith(".efi", StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<PartDifference> Parts(byte[] before, byte[] after)
    {
        Dictionary<string, ReadOnlyMemory<byte>>? first = Split(before);
        Dictionary<string, ReadOnlyMemory<byte>>? second = Split(after);
        foreach (string name in first is null || second is null ? [] : first.Keys.Union(second.Keys))
        {
            ByteComparison comparison = new();
            comparison.Add(0, first!.GetValueOrDefault(name).Span, second!.GetValueOrDefault(name).Span);
            if (comparison.DifferentBytes != 0)
            {
                yield return new PartDifference(name, comparison.DifferentBytes);
            }
        }
    }

    /// <summary>Headers, sections and signature; null for what is no executable.</summary>
    private static Dictionary<string, ReadOnlyMemory<byte>>? Split(byte[] bytes)
    {
        try
        {
            PeImage image = PeImage.Parse("", bytes);
            Dictionary<string, ReadOnlyMemory<byte>> parts = new() { ["headers"] = bytes.AsMemory(0, (int)image.SizeOfHeaders) };
            foreach (PeSection section in image.Sections)
            {
                parts.TryAdd(section.Name, bytes.AsMemory((int)section.FileOffset, (int)section.FileSize));
            }

            int end = image.CertificateTable.Size == 0 ? bytes.Length : image.CertificateTable.RelativeVirtualAddress;
            parts.TryAdd("signature", bytes.AsMemory(end));
            return parts;
        }
        catch (EmberException)
        {
            return null;
        }
    }
}
