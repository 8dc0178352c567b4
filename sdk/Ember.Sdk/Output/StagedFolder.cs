using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;

namespace Ember.Sdk.Output;

/// <summary>
/// A folder that appears whole or not at all. Files are written into a hidden folder beside the final place; committing flushes
/// them and exchanges the two folders in one step of the file system. Disposing without committing leaves what was there before.
/// </summary>
public sealed partial class StagedFolder : IDisposable
{
    private const int CurrentDirectory = -100;
    private const uint RenameExchange = 2;

    private readonly string _destination;

    private StagedFolder(string destination, string path)
    {
        _destination = destination;
        Path = path;
    }

    /// <summary>The folder to write into.</summary>
    public string Path { get; }

    /// <summary>Makes an empty folder beside <paramref name="destination"/>, and clears away what killed builds left
    /// there.</summary>
    /// <exception cref="EmberException">The place cannot be written to (exit code 3).</exception>
    public static StagedFolder Create(string destination)
    {
        string full = System.IO.Path.GetFullPath(destination);
        string parent = System.IO.Path.GetDirectoryName(full)
            ?? throw new EmberException(ErrorKind.Input, $"{destination}: cannot be the output; name a folder");
        string prefix = $".{System.IO.Path.GetFileName(full)}.new-";
        try
        {
            if (File.Exists(full))
            {
                throw new EmberException(ErrorKind.Input, $"{full}: is a file; name a folder for the output");
            }

            Directory.CreateDirectory(parent);
            RemoveAbandoned(parent, prefix);
            string path = System.IO.Path.Combine(parent, prefix + Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            Directory.CreateDirectory(path);
            return new StagedFolder(full, path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CannotWrite(full, e);
        }
    }

    /// <summary>The failure to tell when writing to <paramref name="path"/> failed with <paramref name="e"/>.</summary>
    public static EmberException CannotWrite(string path, Exception e) =>
        new(ErrorKind.Host, $"{path}: cannot be written: {e.Message.TrimEnd('.')}; make room or permission there, or give --output", e);

    /// <summary>Puts the folder in its final place, instead of what was there.</summary>
    /// <exception cref="EmberException">The disk refused (exit code 3); what was there before is there still.</exception>
    public void Commit()
    {
        try
        {
            foreach (string file in Directory.EnumerateFiles(Path, "*", SearchOption.AllDirectories))
            {
                using FileStream stream = new(file, FileMode.Open, FileAccess.ReadWrite);
                stream.Flush(flushToDisk: true);
            }

            if (!Directory.Exists(_destination))
            {
                Directory.Move(Path, _destination);
            }
            else if (RenameAt(CurrentDirectory, Path, CurrentDirectory, _destination, RenameExchange) != 0)
            {
                ExchangeInSteps();
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CannotWrite(_destination, e);
        }
    }

    /// <summary>Removes the staged files, or after a commit the former folder.</summary>
    public void Dispose()
    {
        if (Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true);
        }
    }

    // For file systems that cannot exchange two names (NFS, 9p).
    private void ExchangeInSteps()
    {
        string former = Path + "-former";
        Directory.Move(_destination, former);
        Directory.Move(Path, _destination);
        Directory.Move(former, Path);
    }

    private static void RemoveAbandoned(string parent, string prefix)
    {
        foreach (string folder in Directory.GetDirectories(parent, prefix + "*"))
        {
            bool numbered = int.TryParse(
                System.IO.Path.GetFileName(folder).AsSpan(prefix.Length), CultureInfo.InvariantCulture, out int owner);
            if (numbered && (owner == Environment.ProcessId || !Process.GetProcesses().Any(process => process.Id == owner)))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "renameat2", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RenameAt(int oldFolder, string oldPath, int newFolder, string newPath, uint flags);
}
