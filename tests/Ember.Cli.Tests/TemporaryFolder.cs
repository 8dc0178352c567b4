using System;
using System.IO;
using Ember.Sdk.Hosts;

namespace Ember.Cli.Tests;

/// <summary>A folder for one test, gone after it; it can play the root of a host with programs of the test's making.</summary>
public sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ember-tests-");

    public string Path => _folder.FullName;

    /// <summary>A host whose files lie in this folder and whose programs are those in its folder <c>bin</c>.</summary>
    public HostSystem Host => new(Path, [Combine("bin")]);

    public string Combine(string relative) => System.IO.Path.Combine(Path, relative);

    public string Write(string relative, string text)
    {
        string path = Combine(relative);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>Writes the program <paramref name="name"/>, a script for sh.</summary>
    public void WriteProgram(string name, string script)
    {
        string path = Write(System.IO.Path.Combine("bin", name), "#!/bin/sh\n" + script + "\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
