using System;
using System.Collections.Generic;
using System.IO;
using Ember.Sdk.Media;

namespace Ember.Sdk.Tests.Media;

/// <summary>A medium in memory that keeps a record of what is done to it, and fails as a test wants.</summary>
/// <param name="content">What is on it at first, as long as it really is.</param>
/// <param name="claimed">How long it says it is; null for the truth.</param>
internal sealed class FakeMedium(byte[] content, long? claimed = null) : IKeyMedium
{
    public string Name => "/dev/fake";

    public long Length => claimed ?? Content.Length;

    public bool IsZero { get; init; }

    public byte[] Content { get; } = content;

    /// <summary>Every write, in order; null for a flush.</summary>
    public List<(long Offset, byte[] Bytes)?> Writes { get; } = [];

    /// <summary>Where a byte really goes; null for nowhere.</summary>
    public Func<long, long?> Place { get; init; } = offset => offset;

    /// <summary>Called before each write and flush, with how many there were.</summary>
    public Action<int> BeforeWrite { get; set; } = _ => { };

    /// <summary>Changes what is read at an offset.</summary>
    public Action<long, byte[]> AfterRead { get; set; } = (_, _) => { };

    public void Read(long offset, Span<byte> bytes)
    {
        CheckAligned(offset, bytes.Length);
        byte[] read = new byte[bytes.Length];
        for (int start = 0; start < read.Length; start += 512)
        {
            if (Place(offset + start) is { } place)
            {
                Content.AsSpan((int)place, 512).CopyTo(read.AsSpan(start));
            }
        }

        AfterRead(offset, read);
        read.CopyTo(bytes);
    }

    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        CheckAligned(offset, bytes.Length);
        BeforeWrite(Writes.Count);
        Writes.Add((offset, bytes.ToArray()));
        for (int start = 0; start < bytes.Length; start += 512)
        {
            if (Place(offset + start) is { } place)
            {
                bytes.Slice(start, 512).CopyTo(Content.AsSpan((int)place));
            }
        }
    }

    public void Flush()
    {
        BeforeWrite(Writes.Count);
        Writes.Add(null);
    }

    private void CheckAligned(long offset, int length)
    {
        if (offset % 4096 != 0 || length % 512 != 0 || offset + length > Length)
        {
            throw new IOException($"{length} bytes at {offset} of {Length} are out of place");
        }
    }
}
