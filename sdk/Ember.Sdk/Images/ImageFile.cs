using System;
using System.IO;
using System.Runtime.InteropServices;

namespace Ember.Sdk.Images;

/// <summary>A file of an image, and where its bytes come from.</summary>
public sealed class ImageFile
{
    private readonly string? _sourcePath;
    private readonly ReadOnlyMemory<byte> _bytes;

    private ImageFile(string path, string? sourcePath, ReadOnlyMemory<byte> bytes, long length)
    {
        Path = path;
        _sourcePath = sourcePath;
        _bytes = bytes;
        Length = length;
    }

    /// <summary>Its folders and name on the volume, separated by <c>/</c>.</summary>
    public string Path { get; }

    /// <summary>Its length in bytes.</summary>
    public long Length { get; }

    /// <summary>A file whose bytes are in a file of the host.</summary>
    /// <param name="path">Its folders and name on the volume, separated by <c>/</c>.</param>
    /// <param name="sourcePath">The host's file.</param>
    /// <exception cref="ImageException">The host's file is missing or cannot be read.</exception>
    public static ImageFile FromFile(string path, string sourcePath)
    {
        using FileStream source = OpenSource(path, sourcePath);
        try
        {
            return new ImageFile(path, sourcePath, default, source.Length);
        }
        catch (NotSupportedException exception)
        {
            // A device has no length.
            throw CannotRead(path, sourcePath, exception);
        }
    }

    /// <summary>A file whose bytes are in memory. They must not change until the image is written.</summary>
    /// <param name="path">Its folders and name on the volume, separated by <c>/</c>.</param>
    /// <param name="bytes">The file's bytes.</param>
    public static ImageFile FromBytes(string path, ReadOnlyMemory<byte> bytes) => new(path, null, bytes, bytes.Length);

    /// <summary>Opens the bytes for reading, from the first on.</summary>
    internal Stream Open()
    {
        if (_sourcePath is not null)
        {
            return OpenSource(Path, _sourcePath);
        }

        return MemoryMarshal.TryGetArray(_bytes, out ArraySegment<byte> segment)
            ? new MemoryStream(segment.Array!, segment.Offset, segment.Count, writable: false)
            : new MemoryStream(_bytes.ToArray(), writable: false);
    }

    /// <summary>The failure to read the bytes.</summary>
    internal ImageException CannotRead(Exception exception) => CannotRead(Path, _sourcePath ?? Path, exception);

    private static FileStream OpenSource(string path, string sourcePath)
    {
        try
        {
            return new FileStream(sourcePath, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CannotRead(path, sourcePath, exception);
        }
    }

    private static ImageException CannotRead(string path, string sourcePath, Exception exception) => new(ErrorKind.Input,
        sourcePath, $"cannot be read for '{path}': {exception.Message.TrimEnd('.')}", "see that the file exists and may be read",
        exception);
}
