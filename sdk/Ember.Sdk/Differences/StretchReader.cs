using System;
using System.Collections.Generic;
using System.IO;

namespace Ember.Sdk.Differences;

/// <summary>Reads the stretches of an image that make up a file, one after another.</summary>
/// <param name="image">The image.</param>
/// <param name="stretches">Where in it, in bytes.</param>
internal sealed class StretchReader(Stream image, IReadOnlyList<(long Offset, long Length)> stretches)
{
    private int _stretch;
    private long _read;

    /// <summary>Fills a buffer as far as there is something to fill it with.</summary>
    /// <returns>What was read.</returns>
    public ReadOnlySpan<byte> Read(Span<byte> buffer)
    {
        int count = 0;
        while (count < buffer.Length && _stretch < stretches.Count)
        {
            (long offset, long length) = stretches[_stretch];
            int piece = (int)Math.Min(buffer.Length - count, length - _read);
            image.Position = offset + _read;
            image.ReadExactly(buffer.Slice(count, piece));
            count += piece;
            _read += piece;
            if (_read == length)
            {
                _stretch++;
                _read = 0;
            }
        }

        return buffer[..count];
    }
}
