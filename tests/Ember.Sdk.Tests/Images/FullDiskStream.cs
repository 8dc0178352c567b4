using System;
using System.IO;

namespace Ember.Sdk.Tests.Images;

/// <summary>A file on a disk that is full after so many bytes, as the host's file system would say it.</summary>
internal sealed class FullDiskStream(string path, long capacity, bool failsOnFlush = false)
    : FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0)
{
    private long _left = capacity;

    /// <summary>Bytes written.</summary>
    public long Written { get; private set; }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (buffer.Length > _left)
        {
            // A full disk takes what still fits.
            base.Write(buffer[..(int)_left]);
            _left = 0;
            throw new IOException("No space left on device");
        }

        base.Write(buffer);
        _left -= buffer.Length;
        Written += buffer.Length;
    }

    public override void Flush(bool flushToDisk)
    {
        if (failsOnFlush)
        {
            throw new IOException("No space left on device");
        }

        base.Flush(flushToDisk);
    }
}
