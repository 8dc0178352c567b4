using System;
using System.ComponentModel;
using System.IO;
using System.Runtime.InteropServices;
using Ember.Sdk.Gpt;
using Ember.Sdk.Media.Devices;
using Ember.Sdk.Media.Refusals;
using Microsoft.Win32.SafeHandles;

namespace Ember.Sdk.Media;

/// <summary>A block device of the host, or a file that stands for one. Reading and writing pass the page cache by.</summary>
public sealed unsafe class DeviceMedium : IKeyMedium, IDisposable
{
    private const int BufferSize = 1024 * 1024;
    private const int Alignment = 4096;

    private readonly SafeFileHandle _file;
    private readonly byte* _buffer = (byte*)NativeMemory.AlignedAlloc(BufferSize, Alignment);

    private DeviceMedium(string name, SafeFileHandle file, long length, bool isDirect, bool isZero)
    {
        Name = name;
        _file = file;
        Length = length;
        IsDirect = isDirect;
        IsZero = isZero;
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public long Length { get; }

    /// <inheritdoc/>
    public bool IsZero { get; }

    /// <summary>
    /// True if the page cache is passed by (O_DIRECT); false where the file system cannot, and the cache is emptied at each flush instead.
    /// </summary>
    public bool IsDirect { get; }

    /// <summary>Opens a device for oneself: nobody can mount it meanwhile.</summary>
    /// <param name="device">As it was described when it was chosen.</param>
    /// <exception cref="EmberException">It is in use, gone, another one now, or this user may not.</exception>
    public static DeviceMedium OpenDevice(BlockDevice device)
    {
        ArgumentNullException.ThrowIfNull(device);
        SafeFileHandle? file = null;
        try
        {
            file = NativeFile.Open(device.Path, isDirect: true, isExclusive: true);
            long length = NativeFile.LengthOf(file);
            if (NativeFile.Status(file).Device != device.Number || length != device.Length)
            {
                throw new EmberException(
                    ErrorKind.Input, $"{device.Path}: is another device than a moment ago; look at 'ember write --list' again");
            }

            DeviceMedium medium = new(device.Path, file, length, isDirect: true, isZero: false);
            file = null;
            return medium;
        }
        catch (Win32Exception e)
        {
            throw CannotOpen(device.Path, e);
        }
        finally
        {
            file?.Dispose();
        }
    }

    /// <summary>
    /// Opens a file that stands for a device of its length. One that is not there or is empty gets the length of the image.
    /// </summary>
    /// <param name="path">An ordinary file, or where there is none yet; never in <c>/dev</c>, <c>/proc</c> or <c>/sys</c>.</param>
    /// <param name="image">The image that is to be written.</param>
    /// <exception cref="EmberException">It is no ordinary file, is the image itself, or cannot be written.</exception>
    public static DeviceMedium OpenFile(string path, ImageSource image)
    {
        ArgumentNullException.ThrowIfNull(image);
        try
        {
            FileTarget.Check(path, image.Path);
            bool isZero = MakeRoom(path, image.Length);
            long length = new FileInfo(path).Length / GptTable.SectorSize * GptTable.SectorSize;
            FileTarget.CheckLength(path, length, image.Length);
            (SafeFileHandle file, bool isDirect) = OpenFile(path, length);
            return new DeviceMedium(path, file, length, isDirect, isZero);
        }
        catch (Win32Exception e)
        {
            throw CannotOpen(path, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException)
        {
            throw new EmberException(
                ErrorKind.Host, $"{path}: cannot be written: {e.Message.TrimEnd('.')}; make room or permission there", e);
        }
    }

    /// <inheritdoc/>
    public void Read(long offset, Span<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            Span<byte> piece = new(_buffer, Math.Min(bytes.Length, BufferSize));
            int count = RandomAccess.Read(_file, piece, offset);
            if (count == 0)
            {
                throw new EndOfStreamException("it ends before its length");
            }

            piece[..count].CopyTo(bytes);
            bytes = bytes[count..];
            offset += count;
        }
    }

    /// <inheritdoc/>
    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            Span<byte> piece = new(_buffer, Math.Min(bytes.Length, BufferSize));
            bytes[..piece.Length].CopyTo(piece);
            RandomAccess.Write(_file, piece, offset);
            bytes = bytes[piece.Length..];
            offset += piece.Length;
        }
    }

    /// <inheritdoc/>
    public void Flush()
    {
        RandomAccess.FlushToDisk(_file);
        if (!IsDirect)
        {
            NativeFile.Forget(_file);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_file.IsClosed)
        {
            _file.Dispose();
            NativeMemory.AlignedFree(_buffer);
        }
    }

    /// <summary>The failure to tell when a device or file cannot be opened.</summary>
    internal static EmberException CannotOpen(string path, Win32Exception e) => e.NativeErrorCode switch
    {
        NativeFile.AccessDenied or NativeFile.NotPermitted =>
            new EmberException(ErrorKind.Host, $"{path}: this user may not write it; run as root, with sudo", e),
        NativeFile.Busy => WriteRules.Refuse(path, WriteRules.Mounted with { Reason = "the kernel says that it is in use" }),
        NativeFile.ReadOnlyFileSystem => WriteRules.Refuse(path, WriteRules.ReadOnly),
        NativeFile.NoMedium or NativeFile.NoDevice => WriteRules.Refuse(path, WriteRules.Empty),
        NativeFile.NotFound => new EmberException(ErrorKind.Input, $"{path}: is not there; 'ember write --list' shows what is", e),
        _ => new EmberException(ErrorKind.Host, $"{path}: cannot be opened: {e.Message}; see whether it works at all", e),
    };

    // Only an empty file is made longer: any other stands for a device, which has the length it has.
    private static bool MakeRoom(string path, long length)
    {
        using FileStream file = new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite);
        bool isEmpty = file.Length == 0;
        if (isEmpty)
        {
            file.SetLength(length);
        }

        return isEmpty;
    }

    private static (SafeFileHandle File, bool IsDirect) OpenFile(string path, long length)
    {
        try
        {
            if (length % Alignment == 0)
            {
                return (NativeFile.Open(path, isDirect: true, isExclusive: false), true);
            }
        }
        catch (Win32Exception e) when (e.NativeErrorCode == NativeFile.Invalid)
        {
            // A file system in memory has nothing to pass by.
        }

        return (NativeFile.Open(path, isDirect: false, isExclusive: false), false);
    }
}
