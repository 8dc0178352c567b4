using System;
using System.Buffers.Binary;
using CsCheck;
using Ember.Formats.Banks;

namespace Ember.Formats.Tests.Banks;

public sealed unsafe class BootLogoTests
{
    [Fact]
    public void A_bitmap_reads_back_pixel_by_pixel()
    {
        Assert.Equal(64, sizeof(BootLogoHeader));
        Assert.True(BootLogo.TryRead(Bitmap(3, 2), out BootLogo logo));
        Assert.Equal((3, 2), (logo.Width, logo.Height));
        Assert.Equal([0u, 1, 2, 3, 4, 5], logo.Pixels.ToArray());
    }

    [Theory]
    [InlineData(BootLogo.MaximumWidth, 102, true)]
    [InlineData(BootLogo.MaximumWidth, 103, false)]
    [InlineData(BootLogo.MaximumWidth + 1, 1, false)]
    [InlineData(218, BootLogo.MaximumHeight, true)]
    [InlineData(1, BootLogo.MaximumHeight + 1, false)]
    [InlineData(1, 0, false)]
    [InlineData(0, 1, false)]
    public void A_size_that_cannot_be_shown_is_refused(int width, int height, bool expected) =>
        Assert.Equal(expected, BootLogo.TryRead(Bitmap(width, height), out _));

    [Theory]
    [InlineData(0, 'b')]
    [InlineData(10, 54)]
    [InlineData(14, 124)]
    [InlineData(21, 0x80)]
    [InlineData(25, 0)]
    [InlineData(28, 24)]
    public void Another_kind_of_bitmap_is_refused(int offset, int value)
    {
        byte[] bitmap = Bitmap(3, 2);
        bitmap[offset] = (byte)value;
        Assert.False(BootLogo.TryRead(bitmap, out _));
    }

    [Fact]
    public void A_bitmap_of_another_length_is_refused()
    {
        byte[] bitmap = Bitmap(3, 2);
        for (int length = 0; length < bitmap.Length; length++)
        {
            Assert.False(BootLogo.TryRead(bitmap.AsSpan(0, length), out _));
        }

        Assert.False(BootLogo.TryRead([.. bitmap, 0], out _));
    }

    [Fact]
    public void Whatever_the_header_says_the_pixels_lie_inside() => Gen.Select(
        Gen.Int[0, BootLogoHeader.Size - 1], Gen.UInt, Gen.Int[0, 2000]).Sample((offset, value, length) =>
    {
        byte[] bytes = new byte[length];
        Bitmap(20, 24).AsSpan(0, Math.Min(length, BootLogoHeader.Size)).CopyTo(bytes);
        BinaryPrimitives.TryWriteUInt32LittleEndian(bytes.AsSpan(Math.Min(offset, length)), value);
        if (BootLogo.TryRead(bytes, out BootLogo logo))
        {
            Assert.Equal(length, BootLogoHeader.Size + (logo.Width * logo.Height * 4));
            Assert.Equal(logo.Width * logo.Height, logo.Pixels.Length);
        }
    });

    /// <summary>A bitmap from literal offsets, each pixel its own number.</summary>
    private static byte[] Bitmap(int width, int height)
    {
        byte[] bitmap = new byte[64 + (width * height * 4)];
        "BM"u8.CopyTo(bitmap);
        BinaryPrimitives.WriteInt32LittleEndian(bitmap.AsSpan(2), bitmap.Length);
        bitmap[10] = 64;
        bitmap[14] = 40;
        BinaryPrimitives.WriteInt32LittleEndian(bitmap.AsSpan(18), width);
        BinaryPrimitives.WriteInt32LittleEndian(bitmap.AsSpan(22), -height);
        bitmap[26] = 1;
        bitmap[28] = 32;
        for (int i = 0; i < width * height; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bitmap.AsSpan(64 + (i * 4)), i);
        }

        return bitmap;
    }
}
