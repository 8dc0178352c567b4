using System;
using System.Globalization;
using System.Linq;

namespace Ember.Sdk.Pe;

/// <summary>Fills sections that an image was linked with for whoever signs it, such as the loader's with the vendor's key.</summary>
public static class PeSections
{
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

    private static EmberException Bad(PeImage image, string what) => new(ErrorKind.Input, $"{image.Path}: {what}");
}
