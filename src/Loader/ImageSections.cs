using System;
using System.Runtime.CompilerServices;
using Ember.Formats.Fields;

namespace Ember.Loader;

/// <summary>The section table of the loader's own image (PE/COFF specification, sections 3 and 4), which the firmware has loaded as it is.
/// </summary>
internal static unsafe class ImageSections
{
    private const int NewHeaderOffset = 0x3C;
    private const int FileHeaderSize = 24;
    private const int RowSize = 40;
    private const int NameSize = 8;

    /// <summary>Finds a section.</summary>
    /// <param name="image">Where the image lies.</param>
    /// <param name="name">The section's name.</param>
    /// <returns>Its bytes; empty when there is none.</returns>
    public static ReadOnlySpan<byte> Find(byte* image, ReadOnlySpan<byte> name)
    {
        byte* header = image + Unsafe.ReadUnaligned<uint>(image + NewHeaderOffset);
        int count = Unsafe.ReadUnaligned<ushort>(header + 6);
        byte* row = header + FileHeaderSize + Unsafe.ReadUnaligned<ushort>(header + 20);
        for (int i = 0; i < count; i++, row += RowSize)
        {
            if (FieldText.AreEqual(FieldText.BeforeZero(new ReadOnlySpan<byte>(row, NameSize)), name))
            {
                return new ReadOnlySpan<byte>(
                    image + Unsafe.ReadUnaligned<uint>(row + 12), (int)Unsafe.ReadUnaligned<uint>(row + 8));
            }
        }

        return default;
    }
}
