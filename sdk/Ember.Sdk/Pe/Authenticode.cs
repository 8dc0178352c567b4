using System;
using System.Buffers.Binary;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
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
        byte[] message = AuthenticodeMessage.Write(Digest(unsigned, image), certificate, signature);
        int entryLength = Aligned(EntryHeaderSize + message.Length);
        byte[] signed = new byte[unsigned.Length + entryLength];
        unsigned.CopyTo(signed, 0);

        Span<byte> entry = signed.AsSpan(unsigned.Length);
        BinaryPrimitives.WriteInt32LittleEndian(entry, entryLength);
        BinaryPrimitives.WriteUInt16LittleEndian(entry[4..], EntryRevision);
        BinaryPrimitives.WriteUInt16LittleEndian(entry[6..], EntryPkcs);
        message.CopyTo(entry[EntryHeaderSize..]);

        Span<byte> directory = signed.AsSpan(image.CertificateDirectoryPosition, 8);
        BinaryPrimitives.WriteInt32LittleEndian(directory, unsigned.Length);
        BinaryPrimitives.WriteInt32LittleEndian(directory[4..], entryLength);
        BinaryPrimitives.WriteUInt32LittleEndian(signed.AsSpan(image.ChecksumPosition), Checksum(signed));
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
    private static void RequireDigestible(PeImage image)
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
        hash.AppendData(unsigned[..image.ChecksumPosition]);
        hash.AppendData(unsigned[(image.ChecksumPosition + sizeof(uint))..image.CertificateDirectoryPosition]);
        hash.AppendData(unsigned[(image.CertificateDirectoryPosition + 8)..]);
        return hash.GetHashAndReset();
    }

    /// <summary>The header's checksum of a file in which it is zero: 16-bit words added with their carries, and the length.</summary>
    private static uint Checksum(ReadOnlySpan<byte> file)
    {
        ulong sum = file.Length % sizeof(ushort) == 0 ? 0u : file[^1];
        foreach (ushort word in MemoryMarshal.Cast<byte, ushort>(file))
        {
            sum += word;
        }

        while (sum >> 16 != 0)
        {
            sum = (sum & 0xFFFF) + (sum >> 16);
        }

        return (uint)sum + (uint)file.Length;
    }

    private static int Aligned(int length) => (length + Alignment - 1) & ~(Alignment - 1);

    private static EmberException Bad(PeImage image, string what) => new(ErrorKind.Input, $"{image.Path}: {what}");
}
