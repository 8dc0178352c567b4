using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;

namespace Ember.Boot.Tests;

/// <summary>A file system in memory that is full after so many bytes, for the time of a test.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly DriveInfo _drive;

    public SmallDisk(string folder, long bytes)
    {
        Path = Directory.CreateDirectory(folder).FullName;
        _drive = new DriveInfo(Path);
        Assert.Equal(0, Run("mount", "-t", "tmpfs", "-o", string.Create(CultureInfo.InvariantCulture, $"size={bytes}"), "tmpfs", Path));
    }

    public string Path { get; }

    public long Used => _drive.TotalSize - _drive.AvailableFreeSpace;

    public void Dispose() => Run("umount", Path);

    private static int Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(program, arguments);
        process.WaitForExit();
        return process.ExitCode;
    }
}

/// <summary>A test that needs a file system of its own; it is left out where nobody may mount one.</summary>
internal sealed class SmallDiskFactAttribute : FactAttribute
{
    public SmallDiskFactAttribute() => Skip = Environment.IsPrivilegedProcess ? null : "needs root to mount a file system";
}
