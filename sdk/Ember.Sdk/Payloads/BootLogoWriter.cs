using System;
using System.Buffers.Binary;
using System.IO;
using System.Runtime.InteropServices;
using BigGustave;
using Ember.Formats.Banks;

namespace Ember.Sdk.Payloads;

/// <summary>Turns a vendor's picture into what the loader can show without knowing how: pixels.</summary>
public static class BootLogoWriter
{
    private const int LargestFile = 1 << 20;
    private const int HeadLength = 24;
    private const int WidthOffset = 16;
    private const int HeightOffset = 20;

    private static ReadOnlySpan<byte> PngBegin => [0x89, (byte)'P', (byte)'N', (byte)'G', (byte)'\r', (byte)'\n', 0x1A, (byte)'\n'];

    /// <summary>Converts a picture. Where it is transparent, the screen's background is seen.</summary>
    /// <param name="path">A PNG file.</param>
    /// <returns>A file that <see cref="BootLogo"/> reads.</returns>
    /// <exception cref="EmberException">It is none, or too large (exit code 2).</exception>
    public static byte[] Convert(string path)
    {
        byte[] file = Read(path);
        if (file.Length < HeadLength || !file.AsSpan().StartsWith(PngBegin))
        {
            throw new EmberException(ErrorKind.Input, $"{path}: is no PNG file; a logo has to be one");
        }

        // The size is looked at before anything is unpacked.
        uint width = BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(WidthOffset));
        uint height = BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(HeightOffset));
        if (width is 0 or > BootLogo.MaximumWidth || height is 0 or > BootLogo.MaximumHeight || width * height > BootLogo.MaximumPixels)
        {
            throw new EmberException(
                ErrorKind.Input,
                $"{path}: has {width} by {height} pixels; a logo may have up to {BootLogo.MaximumWidth} by {BootLogo.MaximumHeight}, "
                + $"{BootLogo.MaximumPixels} in all: scale it down");
        }

        return Write(Decode(path, file), (int)width, (int)height);
    }

    private static byte[] Read(string path)
    {
        try
        {
            return new FileInfo(path).Length <= LargestFile
                ? File.ReadAllBytes(path)
                : throw new EmberException(ErrorKind.Input, $"{path}: is larger than 1 MiB; a logo of few pixels is not");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EmberException(ErrorKind.Input, $"{path}: cannot be read: {e.Message}", e);
        }
    }

    private static Png Decode(string path, byte[] file)
    {
        try
        {
            return Png.Open(file);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            throw new EmberException(ErrorKind.Input, $"{path}: is a damaged PNG file: {e.Message}", e);
        }
    }

    private static byte[] Write(Png picture, int width, int height)
    {
        byte[] logo = new byte[BootLogoHeader.Size + (width * height * sizeof(uint))];
        MemoryMarshal.Write(logo, new BootLogoHeader
        {
            Magic = BootLogoHeader.MagicValue,
            FileLength = (uint)logo.Length,
            PixelOffset = BootLogoHeader.Size,
            InformationLength = BootLogoHeader.InformationSize,
            Width = width,
            NegativeHeight = -height,
            Planes = 1,
            BitsPerPixel = BootLogoHeader.PixelBits,
        });
        Span<byte> pixels = logo.AsSpan(BootLogoHeader.Size);
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                Pixel pixel = picture.GetPixel(x, y);
                Span<byte> written = pixels.Slice(((y * width) + x) * sizeof(uint));
                written[0] = Blend(pixel.B, pixel.A, BootLogo.Background);
                written[1] = Blend(pixel.G, pixel.A, BootLogo.Background >> 8);
                written[2] = Blend(pixel.R, pixel.A, BootLogo.Background >> 16);
            }
        }

        return logo;
    }

    private static byte Blend(byte color, byte opacity, uint background)
    {
        int behind = (int)(background & byte.MaxValue);
        return (byte)(behind + (((color - behind) * opacity) / byte.MaxValue));
    }
}
