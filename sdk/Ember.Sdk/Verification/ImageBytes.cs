using System;
using System.IO;
using System.Threading;
using Ember.Sdk.Verification.Rules;

namespace Ember.Sdk.Verification;

/// <summary>The bytes of an image. What lies behind its end, or cannot be read, is zero.</summary>
/// <param name="stream">Readable and seekable.</param>
/// <param name="length">Its length: of a device, the stream does not know it.</param>
/// <param name="findings">Told what cannot be read.</param>
/// <param name="cancellation">Ends every reading.</param>
internal sealed class ImageBytes(Stream stream, long length, Findings findings, CancellationToken cancellation)
{
    public const int SectorSize = 512;
    public const long MiB = 1 << 20;

    /// <summary>Bytes of the image.</summary>
    public long Length { get; } = length;

    public byte[] Read(long offset, int count)
    {
        byte[] bytes = new byte[count];
        Read(offset, bytes);
        return bytes;
    }

    public void Read(long offset, Span<byte> bytes)
    {
        cancellation.ThrowIfCancellationRequested();
        bytes.Clear();
        int within = (int)Math.Clamp(Length - offset, 0, bytes.Length);
        try
        {
            stream.Position = offset;
            stream.ReadAtLeast(bytes[..within], within, throwOnEndOfStream: false);
        }
        catch (IOException e)
        {
            findings.Add(ImageRules.Readable, new Place("image", Offset: offset), e.Message);
        }
    }

    /// <summary>Whether every byte of a stretch is zero.</summary>
    /// <returns>Where the first other one lies; null when there is none.</returns>
    public long? FirstSet(long start, long end)
    {
        byte[] buffer = new byte[(int)Math.Clamp(end - start, 0, MiB)];
        for (long offset = start; offset < end; offset += buffer.Length)
        {
            Span<byte> piece = buffer.AsSpan(0, (int)Math.Min(buffer.Length, end - offset));
            Read(offset, piece);
            int set = piece.IndexOfAnyExcept((byte)0);
            if (set >= 0)
            {
                return offset + set;
            }
        }

        return null;
    }
}
