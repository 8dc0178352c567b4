using System;
using System.IO;

namespace Ember.Sdk.Tests.Verification;

/// <summary>Some bytes, zeros behind them, and maybe a place that cannot be read.</summary>
internal sealed class PartialStream(byte[] bytes, long length, long failing = -1) : Stream
{
    /// <summary>Bytes that were read so far.</summary>
    public long BytesRead { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position { get; set; }

    public override int Read(Span<byte> buffer)
    {
        if (failing >= Position && failing < Position + buffer.Length)
        {
            throw new IOException("Input/output error");
        }

        int count = (int)Math.Clamp(length - Position, 0, buffer.Length);
        Span<byte> read = buffer[..count];
        read.Clear();
        if (Position < bytes.Length)
        {
            ReadOnlySpan<byte> rest = bytes.AsSpan((int)Position);
            rest[..Math.Min(rest.Length, count)].CopyTo(read);
        }

        BytesRead += count;
        Position += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }
}
