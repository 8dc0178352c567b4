using System;
using System.IO;
using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;

namespace Ember.Fuzz.Tests.Engine;

/// <summary>
/// Memory that ends where reading on ends the process. It is a file's, so that the bytes that did it are found in the file afterwards:
/// the file stays only then.
/// </summary>
internal sealed unsafe partial class GuardedMemory : IDisposable
{
    /// <summary>The longest input.</summary>
    public const int MaximumLength = 16 * 1024;

    private const int PageSize = 4096;
    private const int Readable = PageSize + MaximumLength;

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly string _path;
    private readonly byte* _start;

    /// <param name="path">The file.</param>
    public GuardedMemory(string path)
    {
        _path = path;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.Create, null, Readable + PageSize);
        _view = _file.CreateViewAccessor();
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
        if (Protect(_start + Readable, PageSize, 0) != 0)
        {
            throw new IOException($"mprotect: error {Marshal.GetLastPInvokeError()}");
        }
    }

    /// <summary>Puts bytes at the end, in place of those before.</summary>
    public Span<byte> Place(ReadOnlySpan<byte> bytes)
    {
        *(int*)_start = bytes.Length;
        Span<byte> placed = new(_start + Readable - bytes.Length, bytes.Length);
        bytes.CopyTo(placed);
        return placed;
    }

    /// <summary>The bytes that were being read when a process ended.</summary>
    /// <param name="path">The file that it has left.</param>
    public static byte[] Recover(string path)
    {
        byte[] file = File.ReadAllBytes(path);
        int length = BitConverter.ToInt32(file);
        return file[(Readable - length)..Readable];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
        File.Delete(_path);
    }

    [LibraryImport("libc", EntryPoint = "mprotect", SetLastError = true)]
    private static partial int Protect(byte* address, nuint length, int protection);
}
