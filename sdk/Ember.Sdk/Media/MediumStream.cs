using System;
using System.IO;

namespace Ember.Sdk.Media;

/// <summary>A medium as a stream to read from, at any place and in any length.</summary>
/// <param name="medium">The medium.</param>
public sealed class MediumStream(ISectorMedium medium) : Stream
{
    private const int SectorSize = 512;

    private readonly byte[] _sectors = new byte[128 * SectorSize];

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => true;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => medium.Length;

    /// <inheritdoc/>
    public override long Position { get; set; }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        int inside = (int)(Position % SectorSize);
        int wanted = (int)Math.Min(Math.Min(buffer.Length, Math.Max(0, Length - Position)), _sectors.Length - inside);
        if (wanted == 0)
        {
            return 0;
        }

        Span<byte> sectors = _sectors.AsSpan(0, (inside + wanted + SectorSize - 1) / SectorSize * SectorSize);
        medium.Read(Position - inside, sectors);
        sectors.Slice(inside, wanted).CopyTo(buffer);
        Position += wanted;
        return wanted;
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => Position + offset,
        _ => Length + offset,
    };

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
