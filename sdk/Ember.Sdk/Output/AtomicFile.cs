using System;
using System.IO;

namespace Ember.Sdk.Output;

/// <summary>
/// A file that appears whole or not at all: it is written beside its place under another name, flushed to the disk, then
/// renamed. A
/// file that was there before stays until then, and stays for good if anything fails.
/// </summary>
public sealed class AtomicFile : IDisposable
{
    private readonly FileStream _stream;
    private bool _committed;

    private AtomicFile(string path, string partialPath, FileStream stream)
    {
        Path = path;
        PartialPath = partialPath;
        _stream = stream;
    }

    /// <summary>Where the file will be.</summary>
    public string Path { get; }

    /// <summary>Where it is until then: in the same folder, a dot before its name and <c>.partial</c> after.</summary>
    public string PartialPath { get; }

    /// <summary>Begins a file, and makes its folder if there is none.</summary>
    /// <exception cref="EmberException">The file cannot be made there.</exception>
    public static AtomicFile Create(string path) => Create(path, Open);

    /// <summary>Writes a whole file.</summary>
    /// <exception cref="EmberException">The file cannot be written.</exception>
    public static void WriteAllBytes(string path, ReadOnlySpan<byte> bytes)
    {
        using AtomicFile file = Create(path);
        file.WriteAt(0, bytes);
        file.Commit();
    }

    /// <summary>Writes bytes at an offset. What is never written is zero.</summary>
    /// <param name="offset">In bytes from the start of the file.</param>
    /// <param name="bytes">What belongs there.</param>
    /// <exception cref="EmberException">The disk is full, or fails.</exception>
    public void WriteAt(long offset, ReadOnlySpan<byte> bytes)
    {
        try
        {
            _stream.Position = offset;
            _stream.Write(bytes);
        }
        catch (Exception exception) when (IsHostFailure(exception))
        {
            throw CannotWrite(Path, exception);
        }
    }

    /// <summary>Puts the file in its place. Call it last; without it, nothing remains.</summary>
    /// <exception cref="EmberException">The disk is full, or fails.</exception>
    public void Commit()
    {
        try
        {
            _stream.Flush(flushToDisk: true);

            // Renamed while it is open, hence locked: another build of the same image cannot get hold of the partial file
            // between.
            File.Move(PartialPath, Path, overwrite: true);
            _committed = true;
        }
        catch (Exception exception) when (IsHostFailure(exception))
        {
            throw CannotWrite(Path, exception);
        }
    }

    /// <summary>Ends the file; unless it was committed, nothing of it remains.</summary>
    public void Dispose()
    {
        if (!_committed)
        {
            File.Delete(PartialPath);
        }

        _stream.Dispose();
    }

    /// <summary>Begins a file with a stream of the caller's choice, so that tests can have one that fails.</summary>
    internal static AtomicFile Create(string path, Func<string, FileStream> open)
    {
        string fullPath = System.IO.Path.GetFullPath(path);
        string folder = System.IO.Path.GetDirectoryName(fullPath) ?? fullPath;
        if (Directory.Exists(fullPath))
        {
            throw new EmberException(ErrorKind.Input, $"{path}: it is a folder, not a file to write; choose another name");
        }

        try
        {
            Directory.CreateDirectory(folder);
            string partialPath = System.IO.Path.Combine(folder, $".{System.IO.Path.GetFileName(fullPath)}.partial");
            return new AtomicFile(fullPath, partialPath, open(partialPath));
        }
        catch (Exception exception) when (IsHostFailure(exception))
        {
            throw CannotWrite(path, exception);
        }
    }

    // Unbuffered: callers write large pieces. Not shared: two builds of the same image must not mix.
    private static FileStream Open(string path) => new(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);

    // A file larger than the limit of the process or the file system is an argument out of range to .NET.
    private static bool IsHostFailure(Exception exception) =>
        exception is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException;

    private static EmberException CannotWrite(string path, Exception exception) => new(ErrorKind.Host,
        $"{path}: cannot be written: {exception.Message.TrimEnd('.')}; "
        + "make room and see that the folder may be written, or choose another",
        exception);
}
