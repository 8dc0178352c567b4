using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Security.Cryptography;
using System.Text;

namespace Ember.Sdk.Images;

/// <summary>
/// The identifiers of an image, which follow from its name and content alone. With <c>H</c> for SHA-256, a text in UTF-8 with its
/// length in four bytes before, and numbers with the least byte first:
/// <code>
/// partition = H("ember partition 1", image's name, name, type in its 16 bytes on disk, size in 8, content)
/// content   = FAT bits in 4, label, number of files in 4, { path, length in 8, H(file) } in ascending order;
///             or 0 in 4, length in 8, H(bytes)
/// disk      = H("ember image 2", name, size in 8, number of partitions in 4, { offset in 8, partition })
/// GUID      = the first 16 bytes of H(partition or disk, use) with version 8 and variant 10 set, as RFC 9562 has it for hashes but SHA-1
/// serial    = the first 4 bytes of H(partition, use)
/// </code>
/// where the uses are <c>disk</c>, <c>partition</c> and <c>volume</c>.
/// </summary>
/// <param name="DiskId">Identifier of the disk.</param>
/// <param name="Partitions">Identifiers of each partition and its volume.</param>
internal sealed record ImageIdentity(Guid DiskId, IReadOnlyList<(Guid PartitionId, uint VolumeId)> Partitions)
{
    /// <summary>Derives the identifiers.</summary>
    /// <param name="name">The image's name.</param>
    /// <param name="layout">Where its partitions are.</param>
    /// <param name="files">
    /// The files of each partition, in the order they have on the volume, which does not depend on the request's.
    /// </param>
    public static ImageIdentity Derive(string name, ImageLayout layout, IReadOnlyList<IReadOnlyList<ImageFileReport>> files)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        List<(ImagePartition Partition, byte[] Content)> partitions = [];
        for (int i = 0; i < files.Count; i++)
        {
            partitions.Add((layout.Partitions[i], OfPartition(hash, name, layout.Partitions[i], files[i])));
        }

        AppendText(hash, "ember image 2");
        AppendText(hash, name);
        AppendNumber(hash, layout.Size, sizeof(long));
        AppendNumber(hash, partitions.Count, sizeof(int));
        foreach ((ImagePartition partition, byte[] content) in partitions)
        {
            AppendNumber(hash, partition.Offset, sizeof(long));
            hash.AppendData(content);
        }

        byte[] disk = hash.GetHashAndReset();
        List<(Guid PartitionId, uint VolumeId)> ids = [];
        foreach ((_, byte[] content) in partitions)
        {
            Guid id = HashedGuid.Of(Use(hash, content, "partition"));
            ids.Add((id, BinaryPrimitives.ReadUInt32LittleEndian(Use(hash, content, "volume"))));
        }

        return new ImageIdentity(HashedGuid.Of(Use(hash, disk, "disk")), ids);
    }

    private static byte[] OfPartition(
        IncrementalHash hash, string image, ImagePartition partition, IReadOnlyList<ImageFileReport> files)
    {
        AppendText(hash, "ember partition 1");
        AppendText(hash, image);
        AppendText(hash, partition.Request.Name);
        hash.AppendData(partition.Request.Type.ToByteArray());
        AppendNumber(hash, partition.Size, sizeof(long));
        AppendNumber(hash, (int)(partition.Volume?.Geometry.Type ?? 0), sizeof(int));
        switch (partition.Request)
        {
            case FatPartition fat:
                AppendText(hash, fat.Label);
                AppendNumber(hash, files.Count, sizeof(int));
                foreach (ImageFileReport file in files)
                {
                    AppendText(hash, file.Path);
                    AppendDigest(hash, file.Digest);
                }

                break;
            case RawPartition raw:
                AppendDigest(hash, ContentDigest.Of(raw.Bytes.Span));
                break;
        }

        return hash.GetHashAndReset();
    }

    private static byte[] Use(IncrementalHash hash, byte[] content, string use)
    {
        hash.AppendData(content);
        AppendText(hash, use);
        return hash.GetHashAndReset();
    }

    private static void AppendDigest(IncrementalHash hash, ContentDigest digest)
    {
        AppendNumber(hash, digest.Length, sizeof(long));
        hash.AppendData(Convert.FromHexString(digest.Sha256));
    }

    private static void AppendText(IncrementalHash hash, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        AppendNumber(hash, bytes.Length, sizeof(int));
        hash.AppendData(bytes);
    }

    private static void AppendNumber(IncrementalHash hash, long number, int size)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
        hash.AppendData(bytes[..size]);
    }
}
