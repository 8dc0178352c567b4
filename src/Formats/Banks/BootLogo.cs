using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ember.Formats.Banks;

/// <summary>The vendor's picture, which the loader shows while it reads the bank, read where it lies.</summary>
public readonly unsafe ref struct BootLogo
{
    /// <summary>The most pixels of a row.</summary>
    public const int MaximumWidth = 640;

    /// <summary>The most rows: half of the smallest screen there is.</summary>
    public const int MaximumHeight = 300;

    /// <summary>The most pixels in all.</summary>
    public const int MaximumPixels = 64 * 1024;

    /// <summary>Bytes of the largest file.</summary>
    public const int MaximumLength = BootLogoHeader.Size + (MaximumPixels * sizeof(uint));

    /// <summary>The screen around it, 0xRRGGBB.</summary>
    public const uint Background = 0x14171C;

    private readonly ReadOnlySpan<byte> _bytes;

    private BootLogo(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>Pixels of a row.</summary>
    public int Width => Header.Width;

    /// <summary>Rows.</summary>
    public int Height => -Header.NegativeHeight;

    /// <summary><see cref="Width"/> times <see cref="Height"/> pixels, the top row first, each 0xRRGGBB.</summary>
    public ReadOnlySpan<uint> Pixels => MemoryMarshal.CreateReadOnlySpan(
        ref Unsafe.As<byte, uint>(ref MemoryMarshal.GetReference(_bytes.Slice(BootLogoHeader.Size))), Width * Height);

    private ref readonly BootLogoHeader Header => ref HeaderOf(_bytes);

    /// <summary>Reads a logo.</summary>
    /// <param name="bytes">The whole file, from anywhere: nothing in it is believed.</param>
    /// <param name="logo">The logo, over <paramref name="bytes"/>.</param>
    /// <returns>False when it is none that can be shown.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out BootLogo logo)
    {
        logo = default;
        if (bytes.Length < BootLogoHeader.Size)
        {
            return false;
        }

        ref readonly BootLogoHeader header = ref HeaderOf(bytes);
        if (header.Magic != BootLogoHeader.MagicValue || header.PixelOffset != BootLogoHeader.Size
            || header.InformationLength != BootLogoHeader.InformationSize || header.BitsPerPixel != BootLogoHeader.PixelBits
            || header.Width is < 1 or > MaximumWidth || header.NegativeHeight is > -1 or < -MaximumHeight
            || -header.Width * header.NegativeHeight is int pixels
                && (pixels > MaximumPixels || bytes.Length != BootLogoHeader.Size + (pixels * sizeof(uint))))
        {
            return false;
        }

        logo = new BootLogo(bytes);
        return true;
    }

    private static ref readonly BootLogoHeader HeaderOf(ReadOnlySpan<byte> bytes) =>
        ref Unsafe.As<byte, BootLogoHeader>(ref MemoryMarshal.GetReference(bytes));
}
