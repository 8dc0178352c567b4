using System;
using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.Threading;
using Ember.Sdk.Gpt;
using ZstdSharp;

namespace Ember.Sdk.Media;

/// <summary>An image's file, as it is or compressed with Zstandard.</summary>
public sealed class ImageSource
{
    private const int BufferSize = 1024 * 1024;

    private ImageSource(string path, bool isCompressed, long length)
    {
        Path = path;
        IsCompressed = isCompressed;
        Length = length;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>True for <c>.img.zst</c>; the file's first bytes say so, not its name.</summary>
    public bool IsCompressed { get; }

    /// <summary>The image's length in bytes, not compressed.</summary>
    public long Length { get; }

    // RFC 8878, 3.1.1.
    private static ReadOnlySpan<byte> ZstdMagic => [0x28, 0xB5, 0x2F, 0xFD];

    /// <summary>Opens an image and finds its length, for which one that is compressed is read once.</summary>
    /// <exception cref="EmberException">It is no image, or cannot be read (exit code 2).</exception>
    public static ImageSource Open(string path, CancellationToken cancellation = default)
    {
        try
        {
            if (NativeFile.Status(path) is { IsRegularFile: false })
            {
                throw new EmberException(ErrorKind.Input, $"{path}: is no ordinary file; name an image");
            }

            using FileStream file = OpenFile(path);
            byte[] start = new byte[ZstdMagic.Length];
            bool isCompressed = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length
                && ZstdMagic.SequenceEqual(start);
            long length = file.Length;
            if (isCompressed)
            {
                file.Position = 0;
                length = Count(file, cancellation);
            }

            return length >= MediumImage.MinimumLength && length % GptTable.SectorSize == 0
                ? new ImageSource(path, isCompressed, length)
                : throw new EmberException(ErrorKind.Input, $"{path}: its {length} bytes cannot be a key's image; name one");
        }
        catch (Exception e) when (IsReadFailure(e))
        {
            throw CannotRead(path, e);
        }
    }

    /// <summary>The image's bytes from the first on. A compressed image cannot be sought in.</summary>
    [SuppressMessage("Reliability", "CA2000:Dispose objects before losing scope", Justification = "The stream that is given owns the file.")]
    internal Stream OpenRead() => IsCompressed ? new DecompressionStream(OpenFile(Path), leaveOpen: false) : OpenFile(Path);

    /// <summary>True for what reading a damaged or missing image throws.</summary>
    internal static bool IsReadFailure(Exception e) =>
        e is IOException or UnauthorizedAccessException or ZstdException or NotSupportedException or Win32Exception;

    /// <summary>The failure to read an image.</summary>
    internal static EmberException CannotRead(string path, Exception e) => new(
        ErrorKind.Input, $"{path}: cannot be read: {e.Message.TrimEnd('.')}; see that the image is whole and may be read", e);

    private static FileStream OpenFile(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);

    private static long Count(Stream file, CancellationToken cancellation)
    {
        using DecompressionStream image = new(file);
        byte[] buffer = new byte[BufferSize];
        long length = 0;
        for (int count = image.Read(buffer); count > 0; count = image.Read(buffer))
        {
            cancellation.ThrowIfCancellationRequested();
            length += count;
        }

        return length;
    }
}
