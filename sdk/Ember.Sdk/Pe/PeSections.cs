using System;
using System.Buffers.Binary;
using System.Globalization;
using System.Linq;
using System.Text;

namespace Ember.Sdk.Pe;

/// <summary>Fills sections that an image was linked with for whoever signs it, such as the loader's with the vendor's key.</summary>
public static class PeSections
{
    /// <summary>The multiple of bytes that sections take in a file.</summary>
    public const int FileAlignment = 512;

    private const int RowSize = 40;
    /// <summary>The longest section that <see cref="Announce"/> adds.</summary>
    public const long MostAdded = 1 << 30;

    private const uint InitializedReadable = 0x4000_0040;

    /// <summary>Replaces what a section holds.</summary>
    /// <param name="image">An image that is not signed: a signature would not hold any more.</param>
    /// <param name="name">The section's name.</param>
    /// <param name="content">What it is to hold; zeros fill the rest.</param>
    /// <returns>The image's bytes, as many as before.</returns>
    /// <exception cref="EmberException">
    /// It is signed, it has no such section or more than one, or the content does not fit (exit code 2).
    /// </exception>
    public static byte[] Fill(PeImage image, string name, ReadOnlySpan<byte> content)
    {
        if (image.CertificateTable.Size != 0)
        {
            throw Bad(image, $"is signed: section {name} has to be filled before that");
        }

        PeSection[] sections = [.. image.Sections.Where(section => section.Name == name)];
        if (sections is not [PeSection section])
        {
            throw Bad(image, $"has {sections.Length} sections {name}, not one; build it again");
        }

        uint room = Math.Min(section.FileSize, section.VirtualSize);
        if (content.Length > room)
        {
            throw Bad(
                image,
                string.Create(CultureInfo.InvariantCulture, $"section {name} has room for {room} bytes, not for {content.Length}"));
        }

        byte[] bytes = [.. image.Bytes];
        Span<byte> filled = bytes.AsSpan((int)section.FileOffset, (int)section.FileSize);
        filled.Clear();
        content.CopyTo(filled);
        return bytes;
    }

    /// <summary>Adds a section behind the others: read-only data.</summary>
    /// <param name="image">An image that is not signed and ends with a section, whose header has room for one more.</param>
    /// <param name="name">The section's name, 8 characters at most.</param>
    /// <param name="length">Bytes of what it holds.</param>
    /// <returns>The longer image up to the section. Its content has to follow, and zeros up to a multiple of
    /// <see cref="FileAlignment"/>.</returns>
    /// <exception cref="EmberException">It is signed, its header is full, it has bytes behind its sections, or it would be too long (exit
    /// code 2).</exception>
    public static byte[] Announce(PeImage image, string name, long length)
    {
        if (image.CertificateTable.Size != 0)
        {
            throw Bad(image, $"is signed: section {name} has to be added before that");
        }

        if (image.UsedHeaderBytes + RowSize > image.SizeOfHeaders)
        {
            throw Bad(image, $"has no room in its header for section {name}");
        }

        if (image.Sections.Max(section => section.FileOffset + section.FileSize) != image.Bytes.Length)
        {
            throw Bad(image, $"has bytes behind its sections, where section {name} would be; link it again");
        }

        if (length > MostAdded)
        {
            throw Bad(image, string.Create(
                CultureInfo.InvariantCulture, $"section {name} would have {length} bytes; {MostAdded} is the most: use smaller files"));
        }

        byte[] bytes = [.. image.Bytes];
        Span<byte> row = bytes.AsSpan((int)image.UsedHeaderBytes, RowSize);
        Encoding.ASCII.GetBytes(name, row);
        BinaryPrimitives.WriteInt32LittleEndian(row[8..], (int)length);
        BinaryPrimitives.WriteUInt32LittleEndian(row[12..], image.SizeOfImage);
        BinaryPrimitives.WriteInt32LittleEndian(row[16..], (int)Aligned(length, FileAlignment));
        BinaryPrimitives.WriteInt32LittleEndian(row[20..], bytes.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(row[36..], InitializedReadable);
        Span<byte> count = bytes.AsSpan(image.SectionCountPosition, sizeof(ushort));
        BinaryPrimitives.WriteUInt16LittleEndian(count, (ushort)(image.Sections.Count + 1));
        BinaryPrimitives.WriteUInt32LittleEndian(
            bytes.AsSpan(image.SizeOfImagePosition), image.SizeOfImage + (uint)Aligned(length, image.SectionAlignment));
        return bytes;
    }

    private static long Aligned(long length, long alignment) => (length + alignment - 1) / alignment * alignment;

    private static EmberException Bad(PeImage image, string what) => new(ErrorKind.Input, $"{image.Path}: {what}");
}
