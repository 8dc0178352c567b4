using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Security.Cryptography;
using Ember.Sdk.Compilation;

namespace Ember.Fuzz.Tests.Engine;

/// <summary>The inputs in the repository, compressed by Brotli (RFC 7932): for each target a folder with the smallest that together take
/// all branches that were ever taken.</summary>
internal static class Corpus
{
    private const int NameLength = 16;
    private const string Extension = ".br";

    private static readonly Repository _repository = Repository.Containing(AppContext.BaseDirectory);

    /// <summary>Where what a run leaves goes.</summary>
    public static string Output { get; } = Path.Combine(_repository.Artifacts, "fuzz");

    /// <summary>The name of an input's file.</summary>
    public static string NameOf(byte[] input) => Convert.ToHexStringLower(SHA256.HashData(input))[..NameLength];

    /// <summary>The folder of a target.</summary>
    public static string FolderOf(FuzzTarget target) =>
        Path.Combine(_repository.Root, "tests", "Ember.Fuzz.Tests", "Corpus", target.Name);

    /// <summary>The inputs of a target, by their names.</summary>
    public static IReadOnlyList<byte[]> Read(FuzzTarget target) =>
        Directory.Exists(FolderOf(target))
            ? [.. Directory.GetFiles(FolderOf(target)).Order(StringComparer.Ordinal).Select(Decompress)]
            : [];

    /// <summary>The bytes of all files of a target.</summary>
    public static long LengthOf(FuzzTarget target) => new DirectoryInfo(FolderOf(target)).EnumerateFiles().Sum(file => file.Length);

    /// <summary>Puts these inputs in place of those that were there.</summary>
    public static void Write(FuzzTarget target, IEnumerable<byte[]> inputs)
    {
        string folder = Directory.CreateDirectory(FolderOf(target)).FullName;
        foreach (string file in Directory.GetFiles(folder))
        {
            File.Delete(file);
        }

        foreach (byte[] input in inputs)
        {
            using FileStream file = File.Create(Path.Combine(folder, NameOf(input) + Extension));
            using BrotliStream compressed = new(file, CompressionLevel.SmallestSize);
            compressed.Write(input);
        }
    }

    /// <summary>Memory for a target's reader.</summary>
    public static GuardedMemory MemoryFor(FuzzTarget target) =>
        new(Path.Combine(Output, $"{target.Name}-{Environment.ProcessId}.running"));

    /// <summary>Keeps an input that failed.</summary>
    /// <returns>The file.</returns>
    public static string Keep(FailedInputException failed)
    {
        string path = Path.Combine(Directory.CreateDirectory(Output).FullName, $"{failed.Target.Name}-{NameOf(failed.Input)}");
        File.WriteAllBytes(path, failed.Input);
        return path;
    }

    private static byte[] Decompress(string path)
    {
        using BrotliStream compressed = new(File.OpenRead(path), CompressionMode.Decompress);
        using MemoryStream content = new();
        compressed.CopyTo(content);
        return content.ToArray();
    }
}
