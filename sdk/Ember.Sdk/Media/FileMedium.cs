using System;
using System.IO;
using Microsoft.Win32.SafeHandles;

namespace Ember.Sdk.Media;

/// <summary>An image, or a device that has been looked at before, as a medium.</summary>
public sealed class FileMedium : ISectorMedium, IDisposable
{
    private readonly string _path;
    private readonly SafeFileHandle _file;

    private FileMedium(string path, SafeFileHandle file, long length)
    {
        _path = path;
        _file = file;
        Length = length;
    }

    /// <inheritdoc/>
    public long Length { get; }

    /// <summary>Opens an image for reading and writing; nobody else may write to it meanwhile.</summary>
    /// <exception cref="EmberException">It is not there (exit code 2), or cannot be opened (3).</exception>
    public static FileMedium Open(string path)
    {
        try
        {
            SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read);
            return new FileMedium(path, file, RandomAccess.GetLength(file));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new EmberException(ErrorKind.Input, $"{path}: no such image", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EmberException(ErrorKind.Host, $"{path}: cannot be opened for writing: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public void Read(long offset, Span<byte> bytes)
    {
        try
        {
            for (int count; bytes.Length > 0; bytes = bytes[count..], offset += count)
            {
                count = RandomAccess.Read(_file, bytes, offset);
                if (count == 0)
                {
                    throw new EndOfStreamException("it ends there");
                }
            }
        }
        catch (IOException e)
        {
            throw Failure("read", offset, e);
        }
    }

    /// <inheritdoc/>
    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        try
        {
            RandomAccess.Write(_file, bytes, offset);
        }
        catch (IOException e)
        {
            throw Failure("written", offset, e);
        }
    }

    /// <inheritdoc/>
    public void Flush()
    {
        try
        {
            RandomAccess.FlushToDisk(_file);
        }
        catch (IOException e)
        {
            throw Failure("flushed", 0, e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private EmberException Failure(string what, long offset, Exception e) =>
        new(ErrorKind.Host, $"{_path}: cannot be {what} at byte {offset}: {e.Message}", e);
}
