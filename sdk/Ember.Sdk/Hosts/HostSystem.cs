using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Ember.Sdk.Hosts;

/// <summary>The computer that builds and emulates: where its programs and files are found.</summary>
/// <param name="root">The directory that stands for <c>/</c>; tests give another.</param>
/// <param name="searchPath">The directories to look for programs in, first one first.</param>
public sealed class HostSystem(string root, IReadOnlyList<string> searchPath)
{
    /// <summary>
    /// This computer: its file system, and PATH with the system administrator's directories behind it, which an ordinary user's
    /// PATH lacks on Debian.
    /// </summary>
    public static HostSystem Current { get; } = new(
        "/",
        [
            .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries),
            "/usr/sbin",
            "/sbin",
        ]);

    /// <summary>The directories that programs are looked for in.</summary>
    public IReadOnlyList<string> SearchPath { get; } = searchPath;

    /// <summary>The full path of the program <paramref name="name"/>, or null when no directory of the search path has
    /// it.</summary>
    public string? FindProgram(string name) =>
        SearchPath.Select(directory => Path.Combine(directory, name)).FirstOrDefault(IsExecutable);

    /// <summary>The path under which the file <paramref name="path"/> (absolute) is there on this host, or null.</summary>
    public string? FindFile(string path)
    {
        string full = Path.Combine(root, path.TrimStart('/'));
        return File.Exists(full) ? full : null;
    }

    private static bool IsExecutable(string path)
    {
        const UnixFileMode execute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        return File.Exists(path) && (File.GetUnixFileMode(path) & execute) != 0;
    }
}
