using System;
using System.Runtime.CompilerServices;
using Ember.Platform.Auditing;

namespace Ember.Platform.Console;

/// <summary>A linear frame buffer of 32-bit pixels as the firmware left it (UEFI specification, 12.9, graphics output).</summary>
public readonly unsafe struct FrameBuffer
{
    /// <summary>The most pixels that a dot of the font is wide and high.</summary>
    public const uint MaximumScale = 8;

    private readonly uint* _pixels;
    private readonly bool _redFirst;

    private FrameBuffer(uint* pixels, uint width, uint height, uint pixelsPerScanLine, bool redFirst)
    {
        _pixels = pixels;
        Width = width;
        Height = height;
        PixelsPerScanLine = pixelsPerScanLine;
        _redFirst = redFirst;
    }

    /// <summary>Where the top left pixel is.</summary>
    public ulong Address => (ulong)_pixels;

    /// <summary>Bytes from the first pixel to the end of the last row.</summary>
    public ulong Length => (ulong)PixelsPerScanLine * Height * sizeof(uint);

    /// <summary>Visible pixels in a row.</summary>
    public uint Width { get; }

    /// <summary>Rows of pixels.</summary>
    public uint Height { get; }

    /// <summary>Pixels from one row to the next.</summary>
    public uint PixelsPerScanLine { get; }

    /// <summary>Describes a frame buffer, after checking that every pixel lies inside it.</summary>
    /// <param name="pixels">The address of the top left pixel.</param>
    /// <param name="size">Bytes there.</param>
    /// <param name="width">Visible pixels in a row.</param>
    /// <param name="height">Rows of pixels.</param>
    /// <param name="pixelsPerScanLine">Pixels from one row to the next.</param>
    /// <param name="format">How a pixel lies in memory.</param>
    /// <param name="frameBuffer">The frame buffer; an empty one if this returns false.</param>
    /// <returns>False if the numbers do not fit each other or the format is another.</returns>
    public static bool TryCreate(
        void* pixels, ulong size, uint width, uint height, uint pixelsPerScanLine, PixelFormat format, out FrameBuffer frameBuffer)
    {
        frameBuffer = default;
        if (pixels == null || width > pixelsPerScanLine || size / sizeof(uint) < (ulong)pixelsPerScanLine * height
            || format is not (PixelFormat.RedGreenBlue or PixelFormat.BlueGreenRed))
        {
            return false;
        }

        frameBuffer = new FrameBuffer((uint*)pixels, width, height, pixelsPerScanLine, format == PixelFormat.RedGreenBlue);
        return true;
    }

    /// <summary>Paints every visible pixel.</summary>
    /// <param name="color">0xRRGGBB.</param>
    public void Clear(uint color)
    {
        uint pixel = Pixel(color);
        for (uint y = 0; y < Height; y++)
        {
            uint* row = _pixels + ((ulong)y * PixelsPerScanLine);
            for (uint x = 0; x < Width; x++)
            {
                row[x] = pixel;
            }
        }
    }

    /// <summary>Draws a character; one that would not lie on the screen as a whole is not drawn.</summary>
    /// <param name="x">Left edge in pixels.</param>
    /// <param name="y">Top edge in pixels.</param>
    /// <param name="scale">How many pixels wide and high a dot of the font is, at most <see cref="MaximumScale"/>.</param>
    /// <param name="character">The character.</param>
    /// <param name="foreground">0xRRGGBB.</param>
    /// <param name="background">0xRRGGBB.</param>
    [LoopBound(Font8x16.Height, "rows of a character")]
    [LoopBound(MaximumScale, "pixel rows of a dot")]
    [LoopBound(Font8x16.Width / 2, "pairs of dots of a row")]
    [LoopBound(Font8x16.Width, "dots of a row, one bit each")]
    [LoopBound(MaximumScale, "pixels of a dot")]
    public void DrawCharacter(uint x, uint y, uint scale, byte character, uint foreground, uint background)
    {
        if ((ulong)x + (scale * Font8x16.Width) > Width || (ulong)y + (scale * Font8x16.Height) > Height)
        {
            return;
        }

        uint ink = Pixel(foreground);
        uint paper = Pixel(background);
        PixelPairs pairs = default;
        pairs[0] = paper | ((ulong)paper << 32);
        pairs[1] = paper | ((ulong)ink << 32);
        pairs[2] = ink | ((ulong)paper << 32);
        pairs[3] = ink | ((ulong)ink << 32);
        uint* pixels = _pixels + ((ulong)y * PixelsPerScanLine) + x;
        for (int row = 0; row < Font8x16.Height; row++)
        {
            uint dots = Font8x16.Row(character, row);
            for (uint repeat = 0; repeat < scale; repeat++)
            {
                // A screen that scrolls is drawn anew, and most screens have dots of one pixel: two at a time are three times as fast.
                for (int pair = 0; pair < Font8x16.Width / 2 && scale == 1; pair++)
                {
                    Unsafe.WriteUnaligned(pixels + (2 * pair), pairs[(int)(dots >> (6 - (2 * pair))) & 3]);
                }

                uint* pixel = pixels;
                for (uint dot = 0x80; dot != 0 && scale != 1; dot >>= 1)
                {
                    for (uint i = 0; i < scale; i++)
                    {
                        *pixel++ = (dots & dot) != 0 ? ink : paper;
                    }
                }

                pixels += PixelsPerScanLine;
            }
        }
    }

    /// <summary>Draws a picture; one that would not lie on the screen as a whole is not drawn.</summary>
    /// <param name="x">Left edge in pixels.</param>
    /// <param name="y">Top edge in pixels.</param>
    /// <param name="width">Pixels of a row of the picture, at least 1.</param>
    /// <param name="colors">Its rows, each pixel 0xRRGGBB.</param>
    public void DrawPicture(uint x, uint y, uint width, ReadOnlySpan<uint> colors)
    {
        uint height = (uint)colors.Length / width;
        if ((ulong)x + width > Width || (ulong)y + height > Height)
        {
            return;
        }

        for (uint row = 0; row < height; row++)
        {
            uint* pixels = _pixels + ((ulong)(y + row) * PixelsPerScanLine) + x;
            for (uint column = 0; column < width; column++)
            {
                pixels[column] = Pixel(colors[(int)((row * width) + column)]);
            }
        }
    }

    /// <summary>Two pixels beside each other, by the bits of their dots.</summary>
    [InlineArray(4)]
    private struct PixelPairs
    {
        private ulong _first;
    }

    private uint Pixel(uint color) =>
        _redFirst ? ((color & 0xFF) << 16) | (color & 0xFF00) | ((color >> 16) & 0xFF) : color;
}
