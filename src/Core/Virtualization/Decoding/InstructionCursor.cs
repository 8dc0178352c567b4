using System;
using Ember.Platform.Auditing;

namespace Ember.Core.Virtualization.Decoding;

/// <summary>Reads an instruction's bytes in order, and never one that was not given or that would be its sixteenth.</summary>
internal ref struct InstructionCursor
{
    /// <summary>No instruction is longer; the processor raises #GP on one (AMD APM volume 3, 1.1.1).</summary>
    public const int MaximumLength = 15;

    private readonly ReadOnlySpan<byte> _bytes;

    /// <summary>Bytes read.</summary>
    public int Position;

    public InstructionCursor(ReadOnlySpan<byte> bytes)
    {
        _bytes = bytes.Length > MaximumLength ? bytes.Slice(0, MaximumLength) : bytes;
        Position = 0;
    }

    public bool TryReadByte(out byte value)
    {
        if ((uint)Position >= (uint)_bytes.Length)
        {
            value = 0;
            return false;
        }

        value = _bytes[Position++];
        return true;
    }

    /// <summary>Reads a little-endian number of 0, 1, 2, 4 or 8 bytes and extends its sign.</summary>
    [LoopBound(8, "bytes of a number")]
    public bool TryReadSigned(int size, out long value)
    {
        value = 0;
        if (size > _bytes.Length - Position)
        {
            return false;
        }

        if (size != 0)
        {
            for (int i = size - 1; i >= 0; i--)
            {
                value = (value << 8) | _bytes[Position + i];
            }

            int unused = 64 - (size * 8);
            value = value << unused >> unused;
            Position += size;
        }

        return true;
    }
}
