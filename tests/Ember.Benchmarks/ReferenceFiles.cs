using System.Collections.Generic;
using System.IO;
using System.Linq;
using Ember.Sdk.Compilation;
using Ember.Sdk.Images;

namespace Ember.Benchmarks;

/// <summary>What an appliance's image holds, as the files they were.</summary>
internal static class ReferenceFiles
{
    /// <summary>Takes the files out of an image.</summary>
    /// <returns>The host's files, by their paths in the image.</returns>
    public static IReadOnlyDictionary<string, string> Extract(BuildResult built, string folder)
    {
        using FileStream image = File.OpenRead(built.Folder.Image);
        Dictionary<string, string> files = [];
        foreach (ImageFileReport file in built.Image.Partitions.SelectMany(partition => partition.Files))
        {
            string path = Path.Combine(folder, file.Path);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            byte[] content = new byte[file.Digest.Length];
            image.Position = file.Offset;
            image.ReadExactly(content);
            File.WriteAllBytes(path, content);
            files.Add(file.Path, path);
        }

        return files;
    }
}
