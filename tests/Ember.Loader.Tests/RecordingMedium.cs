using System;
using System.Collections.Generic;
using Ember.Sdk.Media;

namespace Ember.Loader.Tests;

/// <summary>A medium in memory that notes every sector it is told to write, and when a flush came between.</summary>
internal sealed class RecordingMedium(byte[] content) : ISectorMedium
{
    public const int SectorSize = 512;

    /// <summary>What it holds.</summary>
    public byte[] Content { get; } = content;

    /// <summary>The sectors that were written, in order, with the number of flushes before each.</summary>
    public List<SectorWrite> Writes { get; } = [];

    public int Flushes { get; private set; }

    public long Length => Content.Length;

    public void Read(long offset, Span<byte> bytes) => Content.AsSpan((int)offset, bytes.Length).CopyTo(bytes);

    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        Assert.Equal(0, offset % SectorSize);
        Assert.Equal(0, bytes.Length % SectorSize);
        for (int i = 0; i < bytes.Length; i += SectorSize)
        {
            Writes.Add(new SectorWrite((int)offset + i, bytes.Slice(i, SectorSize).ToArray(), Flushes));
        }

        bytes.CopyTo(Content.AsSpan((int)offset));
    }

    public void Flush() => Flushes++;
}

/// <summary>A sector that was written.</summary>
/// <param name="Offset">Where, in bytes.</param>
/// <param name="Bytes">What.</param>
/// <param name="Window">Flushes before it: within one window, any of the writes may have been lost.</param>
internal sealed record SectorWrite(int Offset, byte[] Bytes, int Window);
