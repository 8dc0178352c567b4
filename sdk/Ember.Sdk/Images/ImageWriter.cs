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
/// Writes an image to be copied to a USB key: a GUID partition table with one EFI system partition. Needs no mount, no privilege
/// and
/// no other program; what is zero is not written, so the image takes the room of its content.
/// </summary>
public static class ImageWriter
{
    private const string PartitionName = "EFI system partition";
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
        ArgumentNullException.ThrowIfNull(request);
        FatLabel.Check(request.VolumeLabel);
        ImageLayout layout = ImageLayout.Plan(
            request.Name, [.. request.Files.Select(file => new FatFile(file.Path, file.Length))], request.Size);
        FatTimestamp timestamp = FatTimestamp.FromUnixSeconds(request.SourceDateEpoch);
        using AtomicFile output = AtomicFile.Create(outputPath);
        return Write(request, layout, timestamp, output, progress, cancellationToken);
    }

    /// <summary>Writes a planned image to a file that was begun.</summary>
    internal static ImageReport Write(
        ImageRequest request, ImageLayout layout, FatTimestamp timestamp, AtomicFile output, IProgress<long>? progress,
        CancellationToken cancellationToken)
    {
        // Files first: the identifiers in everything else follow from their hashes.
        IReadOnlyList<ImageFileReport> files = WriteFiles(request, layout, output, progress, cancellationToken);
        ImageIdentity identity = ImageIdentity.Derive(request.Name, layout.Size, files);
        FatWriter.WriteMetadata(
            layout.Volume,
            new FatIdentity(identity.VolumeId, request.VolumeLabel, timestamp, (uint)ImageLayout.FirstLba),
            (offset, bytes) => output.WriteAt(ImageLayout.VolumeOffset + offset, bytes));
        WritePartitionTable(layout, identity, output);
        cancellationToken.ThrowIfCancellationRequested();
        output.Commit();
        return new ImageReport(
            output.Path, layout.Size, identity.DiskId, identity.PartitionId, identity.VolumeId,
            layout.Volume.FreeClusters * (long)layout.Volume.Geometry.ClusterSize, files);
    }

    private static List<ImageFileReport> WriteFiles(
        ImageRequest request, ImageLayout layout, AtomicFile output, IProgress<long>? progress,
        CancellationToken cancellationToken)
    {
        Dictionary<string, ImageFile> byPath = request.Files.ToDictionary(file => file.Path, StringComparer.Ordinal);
        List<ImageFileReport> reports = [];
        byte[] buffer = new byte[BufferSize];
        long done = 0;
        foreach (FatPlacement placement in layout.Volume.Files)
        {
            ImageFile file = byPath[placement.Path];
            using Stream content = file.Open();
            using ContentHasher hasher = new();
            long offset = placement.Length == 0 ? 0 : ImageLayout.VolumeOffset + placement.Offset;
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
                done += piece.Length;
                progress?.Report(done);
            }

            RequireEnd(file, content);
            reports.Add(new ImageFileReport(placement.Path, offset, hasher.Finish()));
        }

        return reports;
    }

    private static void WritePartitionTable(ImageLayout layout, ImageIdentity identity, AtomicFile output)
    {
        GptTable table = new(
            identity.DiskId,
            layout.Size / GptTable.SectorSize,
            [
                new GptPartition(
                    GptPartitionType.EfiSystem, identity.PartitionId, ImageLayout.FirstLba, layout.LastLba, PartitionName),
            ]);
        output.WriteAt(0, GptWriter.Primary(table));
        byte[] backup = GptWriter.Backup(table);
        output.WriteAt(layout.Size - backup.Length, backup);
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
}
