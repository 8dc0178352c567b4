using System.Runtime.InteropServices;

namespace Ember.Formats.Banks;

/// <summary>
/// What a logo begins with: BITMAPFILEHEADER and BITMAPINFOHEADER of a Windows bitmap (Microsoft, "Bitmap storage"), and zeros up to the
/// pixels. Every field that is not here is zero.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = Size, Pack = 1)]
public struct BootLogoHeader
{
    /// <summary>Bytes of the header; the pixels follow.</summary>
    public const int Size = 64;

    /// <summary>"BM".</summary>
    public const ushort MagicValue = 0x4D42;

    /// <summary>Bytes of a BITMAPINFOHEADER.</summary>
    public const uint InformationSize = 40;

    /// <summary>Bits of a pixel: blue, green, red and a byte that means nothing.</summary>
    public const ushort PixelBits = 32;

    /// <summary><see cref="MagicValue"/>.</summary>
    [FieldOffset(0)]
    public ushort Magic;

    /// <summary>Bytes of the file.</summary>
    [FieldOffset(2)]
    public uint FileLength;

    /// <summary><see cref="Size"/>.</summary>
    [FieldOffset(10)]
    public uint PixelOffset;

    /// <summary><see cref="InformationSize"/>.</summary>
    [FieldOffset(14)]
    public uint InformationLength;

    /// <summary>Pixels of a row.</summary>
    [FieldOffset(18)]
    public int Width;

    /// <summary>Rows, negative: the top one comes first.</summary>
    [FieldOffset(22)]
    public int NegativeHeight;

    /// <summary>1.</summary>
    [FieldOffset(26)]
    public ushort Planes;

    /// <summary><see cref="PixelBits"/>.</summary>
    [FieldOffset(28)]
    public ushort BitsPerPixel;
}
