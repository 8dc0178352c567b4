using System;
using System.IO;

namespace Ember.Sdk.Payloads;

/// <summary>Makes a guest's initial RAM file system of busybox and one script. It is not compressed: unpacking would cost every
/// start of the guest more than reading it from the key.</summary>
public static class InitramfsBuilder
{
    /// <summary>Where the program lies in the guest that writes to the boot timer port.</summary>
    public const string BootTimerPath = "bin/boot-timer";

    private const UnixFileMode Readable =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private const UnixFileMode Executable =
        Readable | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private const UnixFileMode Writable = Readable | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    private static readonly string[] _directories = ["bin", "dev", "etc", "proc", "root", "run", "sbin", "sys", "tmp", "usr"];

    /// <summary>What a start script needs; the script can make the rest with <c>busybox --install -s</c>.</summary>
    private static readonly string[] _applets =
    [
        "[", "awk", "cat", "chmod", "cp", "cttyhack", "cut", "date", "dd", "dmesg", "echo", "free", "grep", "halt", "head",
        "hostname", "ln", "ls", "mkdir", "mknod", "mount", "mv", "poweroff", "printf", "ps", "reboot", "rm", "sed", "setsid",
        "sh", "sleep", "sync", "tail", "test", "tr", "umount", "uname", "uptime", "wc",
    ];

    /// <summary>Builds the archive.</summary>
    /// <param name="busybox">The statically linked program.</param>
    /// <param name="script">What becomes <c>/init</c>.</param>
    public static byte[] Build(ReadOnlySpan<byte> busybox, ReadOnlySpan<byte> script)
    {
        using MemoryStream archive = new(busybox.Length + script.Length + (1 << 16));
        CpioWriter writer = new(archive);
        foreach (string directory in _directories)
        {
            writer.AddDirectory(directory, Executable);
        }

        // The kernel opens /dev/console for the first process before anything is mounted there.
        writer.AddCharacterDevice("dev/console", Readable, 5, 1);
        writer.AddCharacterDevice("dev/null", Writable, 1, 3);
        writer.AddCharacterDevice("dev/tty", Writable, 5, 0);
        writer.AddCharacterDevice("dev/ttyS0", Readable, 4, 64);
        writer.AddFile("bin/busybox", Executable, busybox);
        foreach (string applet in _applets)
        {
            writer.AddLink($"bin/{applet}", "busybox");
        }

        writer.AddFile(BootTimerPath, Executable, BootTimerProgram.Assemble());
        writer.AddFile("init", Executable, script);
        writer.Finish();
        return archive.ToArray();
    }
}
