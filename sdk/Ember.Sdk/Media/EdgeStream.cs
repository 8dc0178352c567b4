using System;
using System.IO;

namespace Ember.Sdk.Media;

/// <summary>A disk of which only the start and the end are known, which is where its partition table is; zeros between.</summary>
/// <param name="start">The start.</param>
/// <param name="end">The end.</param>
/// <param name="length">Of the whole disk, in bytes.</param>
internal sealed class EdgeStream(byte[] start, byte[] end, long length) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position { get; set; }

    public override int Read(Span<byte> buffer)
    {
        buffer = buffer[..(int)Math.Clamp(length - Position, 0, buffer.Length)];
        buffer.Clear();
        Pieces.Overlap(start, 0, buffer, Position);
        Pieces.Overlap(end, length - end.Length, buffer, Position);
        Position += buffer.Length;
        return buffer.Length;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
        // Nothing is ever written.
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
