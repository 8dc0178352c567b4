using System;
using System.Buffers.Binary;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using Ember.Sdk.Signing;

namespace Ember.Sdk.Pe;

/// <summary>
/// Signs EFI applications as the firmware's Secure Boot verifies them (Microsoft, Windows Authenticode Portable Executable Signature
/// Format; UEFI specification, 32.2.4). No time is signed: the same image and key give the same bytes.
/// </summary>
public static class Authenticode
{
    internal const int EntryHeaderSize = 8;
    internal const ushort EntryRevision = 0x0200;
    internal const ushort EntryPkcs = 0x0002;
    internal const int Alignment = 8;

    private const int CertificateDirectory = 4;

    /// <summary>What must be signed so that <see cref="Attach"/> can sign an image: a digest of it, in the form that is signed.</summary>
    /// <param name="image">The image; its file name names the request.</param>
    /// <param name="replace">True: a signature it has is taken off first; false: it must have none.</param>
    /// <exception cref="EmberException">
    /// It is signed already, or firmware would not agree on its digest (exit code 2).
    /// </exception>
    public static SigningRequest RequestFor(PeImage image, bool replace = false)
    {
        byte[] attributes = AuthenticodeMessage.Attributes(Digest(Unsigned(image, replace), image));
        return new SigningRequest(Path.GetFileName(image.Path), attributes);
    }

    /// <summary>Puts a signature into an image.</summary>
    /// <param name="image">The image.</param>
    /// <param name="certificate">Of the key that signed.</param>
    /// <param name="signature">What the key answered to <see cref="RequestFor"/>.</param>
    /// <param name="replace">As for <see cref="RequestFor"/>.</param>
    /// <returns>The signed image.</returns>
    /// <exception cref="EmberException">As for <see cref="RequestFor"/>.</exception>
    public static byte[] Attach(PeImage image, SigningCertificate certificate, byte[] signature, bool replace = false)
    {
        byte[] unsigned = Unsigned(image, replace);
        byte[] entry = Entry(AuthenticodeMessage.Write(Digest(unsigned, image), certificate, signature));
        byte[] signed = [.. unsigned, .. entry];
        Span<byte> directory = signed.AsSpan(image.CertificateDirectoryPosition, 8);
        BinaryPrimitives.WriteInt32LittleEndian(directory, unsigned.Length);
        BinaryPrimitives.WriteInt32LittleEndian(directory[4..], entry.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(
            signed.AsSpan(image.ChecksumPosition), PeChecksum.Of(PeChecksum.Sum(signed), signed.Length));
        return signed;
    }

    /// <summary>Signs an image.</summary>
    /// <param name="image">The image.</param>
    /// <param name="key">The key.</param>
    /// <param name="replace">As for <see cref="RequestFor"/>.</param>
    /// <returns>The signed image.</returns>
    /// <exception cref="EmberException">As for <see cref="RequestFor"/>, or the key does not sign (exit code 3).</exception>
    public static byte[] Sign(PeImage image, ISigningKey key, bool replace = false) =>
        Attach(image, key.Certificate, key.Sign(RequestFor(image, replace)), replace);

    /// <summary>The digest of an image that a signature of it holds for: of everything but the checksum, the place of the signature
    /// and the signature itself.</summary>
    /// <exception cref="EmberException">Firmware would not agree on it (exit code 2).</exception>
    public static byte[] Digest(PeImage image) => Digest(Unsigned(image, replace: true), image);

    /// <summary>Takes the signature off an image; one without is returned as it is.</summary>
    /// <exception cref="EmberException">Firmware would not agree on its digest (exit code 2).</exception>
    public static PeImage Strip(PeImage image) =>
        image.CertificateTable.Size == 0 ? image : PeImage.Parse(image.Path, Unsigned(image, replace: true));

    /// <summary>A row of the table of signatures, with a message in it.</summary>
    internal static byte[] Entry(byte[] message)
    {
        byte[] entry = new byte[Aligned(EntryHeaderSize + message.Length)];
        BinaryPrimitives.WriteInt32LittleEndian(entry, entry.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(entry.AsSpan(4), EntryRevision);
        BinaryPrimitives.WriteUInt16LittleEndian(entry.AsSpan(6), EntryPkcs);
        message.CopyTo(entry, EntryHeaderSize);
        return entry;
    }

    /// <summary>Hashes an unsigned image, or the first part of one, without the checksum and the place of the signature.</summary>
    internal static void AppendHead(IncrementalHash hash, ReadOnlySpan<byte> head, PeImage image)
    {
        hash.AppendData(head[..image.ChecksumPosition]);
        hash.AppendData(head[(image.ChecksumPosition + sizeof(uint))..image.CertificateDirectoryPosition]);
        hash.AppendData(head[(image.CertificateDirectoryPosition + 8)..]);
    }

    /// <summary>The image without a signature, its length a multiple of eight, with checksum and place of the signature zero.</summary>
    private static byte[] Unsigned(PeImage image, bool replace)
    {
        bool isSigned = image.CertificateTable.Size != 0;
        if (isSigned && !replace)
        {
            throw Bad(image, "is signed already; sign the one it was made from, or ask for its signature to be replaced");
        }

        RequireDigestible(image);
        int length = isSigned ? image.CertificateTable.RelativeVirtualAddress : image.Bytes.Length;
        byte[] bytes = new byte[Aligned(length)];
        image.Bytes.AsSpan()[..length].CopyTo(bytes);
        bytes.AsSpan(image.ChecksumPosition, sizeof(uint)).Clear();
        bytes.AsSpan(image.CertificateDirectoryPosition, 8).Clear();
        return bytes;
    }

    /// <summary>
    /// The specification counts the bytes of headers and sections to find where the rest begins; many programs take the file as it lies.
    /// They agree where nothing lies between the sections, and only then is a signature worth anything.
    /// </summary>
    internal static void RequireDigestible(PeImage image)
    {
        if (image.DirectoryCount <= CertificateDirectory)
        {
            throw Bad(image, "has no room in its header for a signature; link it again");
        }

        long end = image.SizeOfHeaders;
        foreach (PeSection section in image.Sections.Where(section => section.FileSize != 0))
        {
            if (section.FileOffset != end)
            {
                throw Bad(
                    image,
                    $"has bytes in front of section {section.Name} that belong to none, so that firmware may not agree on its digest; "
                    + "link it again");
            }

            end += section.FileSize;
        }
    }

    private static byte[] Digest(ReadOnlySpan<byte> unsigned, PeImage image)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        AppendHead(hash, unsigned, image);
        return hash.GetHashAndReset();
    }

    private static int Aligned(int length) => (length + Alignment - 1) & ~(Alignment - 1);

    private static EmberException Bad(PeImage image, string what) => new(ErrorKind.Input, $"{image.Path}: {what}");
}
