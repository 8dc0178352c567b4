using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using Ember.Sdk.Fat;
using Ember.Sdk.Gpt;
using Ember.Sdk.Output;

namespace Ember.Sdk.Images;

/// <summary>
/// Writes an image to be copied to a USB key: a GUID partition table and its partitions. Needs no mount, no privilege and no other
/// program; what is zero is not written, so the image takes the room of its content.
/// </summary>
public static class ImageWriter
{
    private const int BufferSize = 128 * 1024;

    /// <summary>Writes an image; it appears whole or not at all.</summary>
    /// <param name="request">What it is to be.</param>
    /// <param name="outputPath">Where it goes. Its folder is made if there is none, a file of that name replaced.</param>
    /// <param name="progress">Told the bytes of files written so far, of the sum of their lengths.</param>
    /// <param name="cancellationToken">Stops the writing, and nothing remains.</param>
    /// <returns>Where each file went, and its hashes.</returns>
    /// <exception cref="EmberException">The request is wrong, a file cannot be read, or the image cannot be written.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static ImageReport Write(
        ImageRequest request, string outputPath, IProgress<long>? progress = null, CancellationToken cancellationToken = default)
    {
        ImageLayout layout = ImageLayout.Plan(request);
        FatTimestamp timestamp = FatTimestamp.FromUnixSeconds(request.SourceDateEpoch);
        using AtomicFile output = AtomicFile.Create(outputPath);
        return Write(request.Name, layout, timestamp, output, progress, cancellationToken);
    }

    /// <summary>Writes a planned image to a file that was begun.</summary>
    internal static ImageReport Write(
        string name, ImageLayout layout, FatTimestamp timestamp, AtomicFile output, IProgress<long>? progress,
        CancellationToken cancellationToken)
    {
        // Files first: the identifiers in everything else follow from their hashes.
        ProgressSum sum = new(progress);
        IReadOnlyList<ImageFileReport>[] files =
        [
            .. layout.Partitions.Select(partition => WriteFiles(partition, output, sum, cancellationToken)),
        ];
        ImageIdentity identity = ImageIdentity.Derive(name, layout, files);
        List<GptPartition> entries = [];
        List<ImagePartitionReport> reports = [];
        for (int i = 0; i < files.Length; i++)
        {
            ImagePartition partition = layout.Partitions[i];
            (Guid partitionId, uint volumeId) = identity.Partitions[i];
            WriteContent(partition, volumeId, timestamp, output);
            entries.Add(new GptPartition(
                partition.Request.Type, partitionId, partition.FirstLba, partition.LastLba, partition.Request.Name));
            ImageVolumeReport? volume = partition.Volume is { } fat
                ? new ImageVolumeReport(fat.Geometry.Type, volumeId, fat.FreeClusters * (long)fat.Geometry.ClusterSize)
                : null;
            reports.Add(new ImagePartitionReport(
                partition.Request.Name, partitionId, partition.Offset, partition.Size, volume, files[i]));
        }

        WritePartitionTable(new GptTable(identity.DiskId, layout.Size / GptTable.SectorSize, entries), output);
        cancellationToken.ThrowIfCancellationRequested();
        output.Commit();
        return new ImageReport(output.Path, layout.Size, identity.DiskId, reports);
    }

    private static List<ImageFileReport> WriteFiles(
        ImagePartition partition, AtomicFile output, ProgressSum progress, CancellationToken cancellationToken)
    {
        List<ImageFileReport> reports = [];
        if (partition is not { Volume: { } volume, Request: FatPartition request })
        {
            return reports;
        }

        Dictionary<string, ImageFile> byPath = request.Files.ToDictionary(file => file.Path, StringComparer.Ordinal);
        byte[] buffer = new byte[BufferSize];
        foreach (FatPlacement placement in volume.Files)
        {
            ImageFile file = byPath[placement.Path];
            using Stream content = file.Open();
            using ContentHasher hasher = new();
            long offset = placement.Length == 0 ? 0 : partition.Offset + placement.Offset;
            for (long left = placement.Length; left > 0;)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Span<byte> piece = buffer.AsSpan(0, (int)Math.Min(left, BufferSize));
                ReadPiece(file, content, piece);
                hasher.Append(piece);
                if (piece.ContainsAnyExcept((byte)0))
                {
                    output.WriteAt(offset + placement.Length - left, piece);
                }

                left -= piece.Length;
                progress.Add(piece.Length);
            }

            RequireEnd(file, content);
            reports.Add(new ImageFileReport(placement.Path, offset, hasher.Finish()));
        }

        return reports;
    }

    private static void WriteContent(ImagePartition partition, uint volumeId, FatTimestamp timestamp, AtomicFile output)
    {
        switch (partition.Request)
        {
            case FatPartition fat:
                FatWriter.WriteMetadata(
                    partition.Volume!,
                    new FatIdentity(volumeId, fat.Label, timestamp, (uint)partition.FirstLba),
                    (offset, bytes) => output.WriteAt(partition.Offset + offset, bytes));
                break;
            case RawPartition raw:
                output.WriteAt(partition.Offset, raw.Bytes.Span);
                break;
        }
    }

    private static void WritePartitionTable(GptTable table, AtomicFile output)
    {
        output.WriteAt(0, GptWriter.Primary(table));
        byte[] backup = GptWriter.Backup(table);
        output.WriteAt(table.SectorCount * GptTable.SectorSize - backup.Length, backup);
    }

    private static void ReadPiece(ImageFile file, Stream content, Span<byte> piece)
    {
        try
        {
            content.ReadExactly(piece);
        }
        catch (EndOfStreamException exception)
        {
            throw Changed(file, exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw file.CannotRead(exception);
        }
    }

    private static void RequireEnd(ImageFile file, Stream content)
    {
        if (content.ReadByte() >= 0)
        {
            throw Changed(file, null);
        }
    }

    private static ImageException Changed(ImageFile file, Exception? exception) => new(ErrorKind.Input,
        $"'{file.Path}'", "its source changed while the image was written", "write it again once nothing writes to the source",
        exception);

    /// <summary>Tells the sum of what is added.</summary>
    private sealed class ProgressSum(IProgress<long>? progress)
    {
        private long _sum;

        public void Add(long bytes) => progress?.Report(_sum += bytes);
    }
}
