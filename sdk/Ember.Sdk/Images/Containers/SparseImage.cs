using System;
using System.Collections.Generic;
using System.IO;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Ember.Sdk.Images.Containers;

/// <summary>
/// A finished image that is read. Its holes are passed over quickly, and read as the zeros that they are: what comes out depends on the
/// bytes alone, not on where the file system of the moment keeps holes.
/// </summary>
public sealed partial class SparseImage : IDisposable
{
    private const int SeekData = 3;
    private const int NothingBehind = 6; // ENXIO

    private readonly FileStream _stream;

    private SparseImage(string path, FileStream stream)
    {
        Path = path;
        _stream = stream;
    }

    /// <summary>The image's file.</summary>
    public string Path { get; }

    /// <summary>Its length in bytes.</summary>
    public long Length => _stream.Length;

    /// <summary>The image as a stream, for readers of what is in it; used until the next call of another member.</summary>
    internal Stream Stream => _stream;

    /// <summary>Opens an image.</summary>
    /// <exception cref="ImageException">It cannot be opened, or does not consist of whole sectors.</exception>
    public static SparseImage Open(string path)
    {
        FileStream? stream = null;
        try
        {
            stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            if (stream.Length == 0 || stream.Length % Gpt.GptTable.SectorSize != 0)
            {
                throw new ImageException(ErrorKind.Input, path,
                    $"its {stream.Length} bytes are no number of whole sectors", "name an image");
            }

            SparseImage image = new(path, stream);
            stream = null;
            return image;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw CannotRead(path, exception);
        }
        finally
        {
            stream?.Dispose();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    /// <summary>Reads bytes.</summary>
    /// <param name="offset">From the start of the image.</param>
    /// <param name="bytes">What is behind the end of the image is zero.</param>
    internal void Read(long offset, Span<byte> bytes)
    {
        try
        {
            _stream.Position = offset;
            int count = _stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            bytes[count..].Clear();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CannotRead(Path, exception);
        }
    }

    /// <summary>
    /// The numbers of the blocks with anything but zeros, in ascending order. When one is given, <paramref name="block"/> holds its bytes.
    /// </summary>
    /// <param name="block">As long as a block.</param>
    internal IEnumerable<long> DataBlocks(byte[] block)
    {
        for (long offset = NextData(0); offset < Length; offset = NextData(offset + block.Length))
        {
            offset -= offset % block.Length;
            Read(offset, block);
            if (block.AsSpan().ContainsAnyExcept((byte)0))
            {
                yield return offset / block.Length;
            }
        }
    }

    /// <summary>The first byte from an offset on that is not in a hole; the length of the image if there is none.</summary>
    private long NextData(long offset)
    {
        if (offset >= Length)
        {
            return Length;
        }

        long data = Seek(_stream.SafeFileHandle, offset, SeekData);
        return data >= 0 ? data
            : Marshal.GetLastPInvokeError() == NothingBehind ? Length
            : offset; // A file system that knows no holes.
    }

    private static ImageException CannotRead(string path, Exception exception) => new(ErrorKind.Input,
        path, $"cannot be read: {exception.Message.TrimEnd('.')}", "see that the image exists and may be read", exception);

    [LibraryImport("libc", EntryPoint = "lseek", SetLastError = true)]
    private static partial long Seek(SafeFileHandle file, long offset, int whence);
}
