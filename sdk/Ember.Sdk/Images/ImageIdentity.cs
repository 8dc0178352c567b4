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
/// content = H("ember image 1", name, size in 8 bytes, number of files in 4, { path, length in 8, H(file) } in ascending order)
/// GUID    = the first 16 bytes of H(content, use) with version 8 and variant 10 set, as RFC 9562 has it for hashes but SHA-1
/// serial  = the first 4 bytes of H(content, use)
/// </code>
/// where the uses are <c>disk</c>, <c>partition</c> and <c>volume</c>.
/// </summary>
/// <param name="DiskId">Identifier of the disk.</param>
/// <param name="PartitionId">Identifier of the EFI system partition.</param>
/// <param name="VolumeId">Serial number of its volume.</param>
internal sealed record ImageIdentity(Guid DiskId, Guid PartitionId, uint VolumeId)
{
    /// <summary>Derives the identifiers.</summary>
    /// <param name="name">The image's name.</param>
    /// <param name="size">Its length in bytes.</param>
    /// <param name="files">Every file, in the order they have on the volume, which does not depend on the request's.</param>
    public static ImageIdentity Derive(string name, long size, IReadOnlyList<ImageFileReport> files)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        AppendText(hash, "ember image 1");
        AppendText(hash, name);
        AppendNumber(hash, size, sizeof(long));
        AppendNumber(hash, files.Count, sizeof(int));
        foreach (ImageFileReport file in files)
        {
            AppendText(hash, file.Path);
            AppendNumber(hash, file.Digest.Length, sizeof(long));
            hash.AppendData(Convert.FromHexString(file.Digest.Sha256));
        }

        byte[] content = hash.GetHashAndReset();
        return new ImageIdentity(
            ToGuid(Use(hash, content, "disk")),
            ToGuid(Use(hash, content, "partition")),
            BinaryPrimitives.ReadUInt32LittleEndian(Use(hash, content, "volume")));
    }

    private static byte[] Use(IncrementalHash hash, byte[] content, string use)
    {
        hash.AppendData(content);
        AppendText(hash, use);
        return hash.GetHashAndReset();
    }

    private static Guid ToGuid(ReadOnlySpan<byte> hash)
    {
        Span<byte> bytes = stackalloc byte[16];
        hash[..bytes.Length].CopyTo(bytes);
        bytes[6] = (byte)(bytes[6] & 0x0F | 0x80);
        bytes[8] = (byte)(bytes[8] & 0x3F | 0x80);
        return new Guid(bytes, bigEndian: true);
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
