using System;
using System.Threading;
using Ember.Sdk.Output;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace Ember.Sdk.Images.Containers;

/// <summary>
/// The image compressed with Zstandard (RFC 8878): frames of 4 MiB each, which every decoder joins, with length and checksum.
/// </summary>
public sealed class ZstdContainer : IImageContainer
{
    // Payloads are compressed already: higher levels take many times as long and save nothing.
    private const int Level = 6;

    // No smaller than the level looks back. A frame of zeros is made once, so that large keys take no longer than their content.
    private const int FrameSize = 4 * 1024 * 1024;

    /// <inheritdoc/>
    public string Suffix => ".img.zst";

    /// <inheritdoc/>
    public void Write(
        SparseImage image, string outputPath, IProgress<long>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        using AtomicFile output = AtomicFile.Create(outputPath);
        using Compressor compressor = new(Level);
        compressor.SetParameter(ZSTD_cParameter.ZSTD_c_checksumFlag, 1);
        byte[] frame = new byte[Compressor.GetCompressBound(FrameSize)];
        byte[] zeros = compressor.Wrap(new byte[FrameSize]).ToArray();
        byte[] piece = new byte[FrameSize];
        long done = 0;
        long written = 0;
        foreach (long number in image.DataBlocks(piece))
        {
            AppendZeros(number * FrameSize);
            int count = (int)Math.Min(FrameSize, image.Length - done);
            Append(frame.AsSpan(0, compressor.Wrap(piece.AsSpan(0, count), frame)), count);
        }

        AppendZeros(image.Length);
        output.Commit();

        void AppendZeros(long end)
        {
            while (end - done >= FrameSize)
            {
                Append(zeros, FrameSize);
            }

            if (end > done)
            {
                int count = (int)(end - done);
                Append(compressor.Wrap(new byte[count]), count);
            }
        }

        void Append(ReadOnlySpan<byte> bytes, int count)
        {
            cancellationToken.ThrowIfCancellationRequested();
            output.WriteAt(written, bytes);
            written += bytes.Length;
            done += count;
            progress?.Report(done);
        }
    }
}
