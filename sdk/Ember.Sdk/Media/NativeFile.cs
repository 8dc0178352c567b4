using System;
using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Ember.Sdk.Media;

/// <summary>What .NET has no call for: opening a device past the page cache and for oneself, and asking what a path is.</summary>
internal static partial class NativeFile
{
    /// <summary>EPERM.</summary>
    public const int NotPermitted = 1;

    /// <summary>ENOENT.</summary>
    public const int NotFound = 2;

    /// <summary>ENXIO.</summary>
    public const int NoDevice = 6;

    /// <summary>EACCES.</summary>
    public const int AccessDenied = 13;

    /// <summary>EBUSY.</summary>
    public const int Busy = 16;

    /// <summary>EINVAL.</summary>
    public const int Invalid = 22;

    /// <summary>ENOSPC.</summary>
    public const int NoSpace = 28;

    /// <summary>EROFS.</summary>
    public const int ReadOnlyFileSystem = 30;

    /// <summary>ENOMEDIUM.</summary>
    public const int NoMedium = 123;

    private const int ReadWrite = 0x2;
    private const int Exclusive = 0x80;
    private const int CloseOnExecute = 0x8_0000;
    private const int FromEnd = 2;
    private const int DoNotNeed = 4;
    private const int CurrentDirectory = -100;
    private const int EmptyPath = 0x1000;
    private const uint BasicStatus = 0x7FF;

    // The only one of the flags that differs between processors.
    private static int Direct => RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm ? 0x1_0000 : 0x4000;

    /// <summary>Opens what is there, for reading and writing.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="isDirect">Past the page cache: O_DIRECT.</param>
    /// <param name="isExclusive">For a device: only if nobody has claimed it, and nobody can until it is closed (O_EXCL).</param>
    /// <exception cref="Win32Exception">It cannot be; the code is the system's.</exception>
    public static SafeFileHandle Open(string path, bool isDirect, bool isExclusive)
    {
        int flags = ReadWrite | CloseOnExecute | (isDirect ? Direct : 0) | (isExclusive ? Exclusive : 0);
        int descriptor = Open(path, flags, 0);
        return descriptor < 0 ? throw new Win32Exception(Marshal.GetLastPInvokeError()) : new SafeFileHandle(descriptor, ownsHandle: true);
    }

    /// <summary>The length of a file or device.</summary>
    /// <exception cref="Win32Exception">The system does not say.</exception>
    public static long LengthOf(SafeFileHandle file)
    {
        long length = Seek(file, 0, FromEnd);
        return length < 0 ? throw new Win32Exception(Marshal.GetLastPInvokeError()) : length;
    }

    /// <summary>Has the page cache forget a file or device.</summary>
    public static void Forget(SafeFileHandle file) => _ = Advise(file, 0, 0, DoNotNeed);

    /// <summary>What a path leads to, links followed; null if to nothing.</summary>
    /// <exception cref="Win32Exception">The system does not say.</exception>
    public static NodeStatus? Status(string path) => Status(CurrentDirectory, path, 0);

    /// <summary>What an open file is.</summary>
    /// <exception cref="Win32Exception">The system does not say.</exception>
    public static NodeStatus Status(SafeFileHandle file)
    {
        bool added = false;
        try
        {
            file.DangerousAddRef(ref added);
            return Status((int)file.DangerousGetHandle(), "", EmptyPath)!;
        }
        finally
        {
            if (added)
            {
                file.DangerousRelease();
            }
        }
    }

    private static NodeStatus? Status(int folder, string path, int flags)
    {
        byte[] status = new byte[NodeStatus.Size];
        if (Status(folder, path, flags, BasicStatus, status) == 0)
        {
            return NodeStatus.Decode(status);
        }

        int error = Marshal.GetLastPInvokeError();
        return error == NotFound ? null : throw new Win32Exception(error);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "lseek", SetLastError = true)]
    private static partial long Seek(SafeFileHandle file, long offset, int whence);

    [LibraryImport("libc", EntryPoint = "posix_fadvise")]
    private static partial int Advise(SafeFileHandle file, long offset, long length, int advice);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Status(int folder, string path, int flags, uint mask, Span<byte> status);
}
