using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;

namespace Ember.Sdk.Media.Devices;

/// <summary>
/// What the kernel tells in <c>/sys</c> and <c>/proc</c>. Devices fill in some of it themselves, so nothing is read without a limit.
/// </summary>
/// <param name="root">The folder that stands for <c>/</c>; tests give another.</param>
internal sealed class SystemTree(string root)
{
    private const int AttributeLimit = 4096;
    private const int TableLimit = 16 * 1024 * 1024;

    /// <summary>An attribute without the white space around it; empty where there is none.</summary>
    public string Attribute(string path) => Encoding.UTF8.GetString(Bytes(path)).Trim('\0', ' ', '\t', '\r', '\n');

    /// <summary>An attribute as it is; empty where there is none.</summary>
    public byte[] Bytes(string path)
    {
        try
        {
            return Read(path, AttributeLimit);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Attributes come and go with devices, and some cannot be read without a medium.
            return [];
        }
    }

    /// <summary>The lines of a table without which nobody knows what is in use.</summary>
    /// <exception cref="EmberException">It cannot be read (exit code 3).</exception>
    public IEnumerable<string> Lines(string path)
    {
        try
        {
            return Encoding.UTF8.GetString(Read(path, TableLimit)).Split('\n').Where(line => line.Length != 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CannotTell(path, e);
        }
    }

    /// <summary>True where there is a file of that name.</summary>
    public bool HasFile(string path) => File.Exists(Full(path));

    /// <summary>The names in a folder, in order; none where there is no folder.</summary>
    public string[] Names(string path)
    {
        try
        {
            return
            [
                .. Directory.EnumerateFileSystemEntries(Full(path)).Select(entry => Path.GetFileName(entry)).Order(StringComparer.Ordinal),
            ];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>The failure to tell when <paramref name="path"/> cannot be read.</summary>
    public static EmberException CannotTell(string path, Exception? cause) => new(
        ErrorKind.Host, $"{path}: cannot be read, so nobody knows which devices are in use; mount it", cause);

    /// <summary>Where a folder really is, below the root, links followed; as given where it is no link.</summary>
    public string Resolve(string path)
    {
        try
        {
            string? target = Directory.ResolveLinkTarget(Full(path), returnFinalTarget: true)?.FullName;
            return target is null ? path : "/" + Path.GetRelativePath(Path.GetFullPath(root), target);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return path;
        }
    }

    private string Full(string path) => Path.Combine(root, path.TrimStart('/'));

    private byte[] Read(string path, int limit)
    {
        using FileStream file = new(Full(path), FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        using MemoryStream bytes = new();
        byte[] buffer = new byte[Math.Min(limit, 64 * 1024)];
        for (int count = file.Read(buffer); count > 0 && bytes.Length < limit; count = file.Read(buffer))
        {
            bytes.Write(buffer, 0, (int)Math.Min(count, limit - bytes.Length));
        }

        return bytes.ToArray();
    }
}
