using System;
using System.Runtime.CompilerServices;
using Ember.Formats.Fields;

namespace Ember.Loader;

/// <summary>The section table of the loader's own image (PE/COFF specification, sections 3 and 4), which the firmware has loaded as it is.
/// </summary>
internal static class ImageSections
{
    private const int NewHeaderOffset = 0x3C;
    private const int FileHeaderSize = 24;
    private const int RowSize = 40;
    private const int NameSize = 8;

    /// <summary>Finds a section.</summary>
    /// <param name="image">The image in memory: nothing in it is believed.</param>
    /// <param name="name">The section's name.</param>
    /// <returns>Its bytes; empty when there is none, or not all of it.</returns>
    public static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> image, ReadOnlySpan<byte> name)
    {
        ulong header = Read(image, NewHeaderOffset);
        ulong count = Read(image, header + 6) & ushort.MaxValue;
        ulong row = header + FileHeaderSize + (Read(image, header + 20) & ushort.MaxValue);
        for (; count != 0 && row + RowSize <= (ulong)image.Length; count--, row += RowSize)
        {
            if (FieldText.AreEqual(FieldText.BeforeZero(image.Slice((int)row, NameSize)), name))
            {
                ulong start = Read(image, row + 12);
                ulong length = Read(image, row + 8);
                return start + length <= (ulong)image.Length ? image.Slice((int)start, (int)length) : default;
            }
        }

        return default;
    }

    /// <summary>Four bytes; 0 when they are not all there.</summary>
    private static uint Read(ReadOnlySpan<byte> image, ulong offset) => offset + sizeof(uint) <= (ulong)image.Length
        ? Unsafe.ReadUnaligned<uint>(in image.Slice((int)offset).GetPinnableReference())
        : 0;
}
