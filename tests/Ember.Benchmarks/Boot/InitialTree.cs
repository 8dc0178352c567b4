using System;
using System.Collections.Generic;
using System.IO;
using Ember.Sdk.Payloads;

namespace Ember.Benchmarks.Boot;

/// <summary>An initial RAM file system in the making: files at the paths they are wanted at, their folders before them.</summary>
internal sealed class InitialTree
{
    private const UnixFileMode Executable =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private readonly HashSet<string> _folders = [""];
    private readonly CpioWriter _writer;

    /// <summary>Begins with what the kernel needs for the first process.</summary>
    /// <param name="archive">Receives the archive.</param>
    public InitialTree(Stream archive)
    {
        _writer = new CpioWriter(archive);
        AddFolder("dev");
        _writer.AddCharacterDevice("dev/console", Executable, 5, 1);
        _writer.AddCharacterDevice("dev/null", Executable, 1, 3);
    }

    /// <summary>Adds an empty folder.</summary>
    /// <param name="path">Relative to the root, without a slash in front.</param>
    public void AddFolder(string path)
    {
        if (_folders.Add(path))
        {
            AddFolder(Path.GetDirectoryName(path)!);
            _writer.AddDirectory(path, Executable);
        }
    }

    /// <summary>Adds a file that everybody may execute.</summary>
    /// <param name="path">Relative to the root, without a slash in front.</param>
    public void AddFile(string path, ReadOnlySpan<byte> content)
    {
        AddFolder(Path.GetDirectoryName(path)!);
        _writer.AddFile(path, Executable, content);
    }

    /// <summary>Adds a file of the host.</summary>
    public void AddFile(string path, string source) => AddFile(path, File.ReadAllBytes(source));

    /// <summary>Ends the archive.</summary>
    public void Finish() => _writer.Finish();
}
