using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using Ember.Sdk.Fat;
using Ember.Sdk.Gpt;
using Ember.Sdk.Verification;
using Ember.Sdk.Verification.Contents;

namespace Ember.Sdk.Differences;

/// <summary>One of two images that are compared: what it tells of itself, and where its files lie.</summary>
internal sealed class ComparedImage : IDisposable
{
    private readonly Dictionary<string, FatReader> _volumes = [];

    private ComparedImage(Stream stream, ImageContents contents, GptTable table)
    {
        Stream = stream;
        Contents = contents;
        Partitions = table.Partitions;
    }

    public Stream Stream { get; }

    public ImageContents Contents { get; }

    public IReadOnlyList<GptPartition> Partitions { get; }

    /// <summary>Opens an image.</summary>
    /// <exception cref="EmberException">It cannot be read (exit code 2), or is so damaged that its files cannot be found (1).</exception>
    public static ComparedImage Open(string path, CancellationToken cancellation)
    {
        ImageContents contents = new ImageVerifier().Verify(path, cancellation).Contents;
        FileStream? stream = null;
        try
        {
            stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            ComparedImage image = new(stream, contents, GptReader.Read(stream));
            foreach (GptPartition partition in image.Partitions.Where(partition =>
                contents.Partitions.Any(known => known.Id == partition.Id && known.Volume is not null)))
            {
                image._volumes.TryAdd(partition.Name, FatReader.Open(stream, Start(partition), Length(partition)));
            }

            return image;
        }
        catch (ImageException e)
        {
            stream?.Dispose();
            throw new EmberException(e.Kind, $"{path}: {e.Where}: {e.What}; 'ember verify' tells everything that is wrong with it", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            stream?.Dispose();
            throw new EmberException(ErrorKind.Input, $"{path}: cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Where a partition begins, in bytes.</summary>
    public static long Start(GptPartition partition) => partition.FirstLba * GptTable.SectorSize;

    /// <summary>Bytes of a partition.</summary>
    public static long Length(GptPartition partition) => partition.SectorCount * GptTable.SectorSize;

    /// <summary>The volume in a partition; null for none.</summary>
    public FatReader? Volume(string partition) => _volumes.GetValueOrDefault(partition);

    /// <summary>The files in a partition, by path.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<(long Offset, long Length)>> Files(string partition) =>
        Volume(partition) is { } volume
            ? volume.Entries.Where(entry => !entry.IsDirectory).ToDictionary(
                entry => entry.Path, entry => volume.FileStretches(entry.Path), StringComparer.OrdinalIgnoreCase)
            : new Dictionary<string, IReadOnlyList<(long, long)>>();

    public void Dispose() => Stream.Dispose();
}
