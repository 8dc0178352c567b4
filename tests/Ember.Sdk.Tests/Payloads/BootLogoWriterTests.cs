using System;
using System.IO;
using System.Linq;
using BigGustave;
using Ember.Formats.Banks;
using Ember.Sdk.Payloads;
using Ember.Sdk.Tests.Hosting;

namespace Ember.Sdk.Tests.Payloads;

public sealed class BootLogoWriterTests
{
    [Fact]
    public void Every_pixel_is_taken_over_and_what_is_transparent_is_the_screen()
    {
        using TemporaryFolder folder = new();
        PngBuilder picture = PngBuilder.Create(2, 3, hasAlphaChannel: true);
        picture.SetPixel(new Pixel(0x11, 0x22, 0x33, 255, isGrayscale: false), 0, 0);
        picture.SetPixel(new Pixel(0xFF, 0xFF, 0xFF, 0, isGrayscale: false), 1, 0);
        picture.SetPixel(new Pixel(0xFF, 0x00, 0x00, 128, isGrayscale: false), 0, 2);
        File.WriteAllBytes(folder["logo.png"], picture.Save());

        Assert.True(BootLogo.TryRead(BootLogoWriter.Convert(folder["logo.png"]), out BootLogo logo));
        Assert.Equal((2, 3), (logo.Width, logo.Height));
        Assert.Equal(
            [0x112233, BootLogo.Background, BootLogo.Background, BootLogo.Background, 0x890C0E, BootLogo.Background],
            logo.Pixels.ToArray());
    }

    [Theory]
    [InlineData(641, 1)]
    [InlineData(1, 301)]
    [InlineData(300, 219)]
    public void A_picture_that_is_too_large_is_refused_before_it_is_unpacked(int width, int height)
    {
        using TemporaryFolder folder = new();
        File.WriteAllBytes(folder["logo.png"], PngBuilder.Create(width, height, hasAlphaChannel: false).Save()[..40]);
        Refuses(folder["logo.png"], $"has {width} by {height} pixels; a logo may have up to 640 by 300, 65536 in all: scale it down");
    }

    [Fact]
    public void A_picture_of_no_size_at_all_is_refused()
    {
        using TemporaryFolder folder = new();
        byte[] png = PngBuilder.Create(1, 1, hasAlphaChannel: false).Save();
        png.AsSpan(16, 4).Fill(0xFF);
        File.WriteAllBytes(folder["logo.png"], png);
        Refuses(folder["logo.png"], "has 4294967295 by 1 pixels");
    }

    [Fact]
    public void What_is_no_PNG_file_is_refused()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["logo.png"], "GIF89a and so on and so forth");
        Refuses(folder["logo.png"], "is no PNG file; a logo has to be one");
        File.WriteAllBytes(folder["logo.png"], []);
        Refuses(folder["logo.png"], "is no PNG file; a logo has to be one");
        File.WriteAllBytes(folder["logo.png"], new byte[(1 << 20) + 1]);
        Refuses(folder["logo.png"], "is larger than 1 MiB");
        Refuses(folder["none.png"], "cannot be read");
    }

    /// <summary>Wherever it is cut off or damaged: a picture, or an error that names the file.</summary>
    [Fact]
    public void A_damaged_PNG_file_is_refused_or_shown_but_nothing_else()
    {
        using TemporaryFolder folder = new();
        byte[] png = PngBuilder.Create(8, 8, hasAlphaChannel: true).Save();
        foreach (int at in Enumerable.Range(0, png.Length))
        {
            Decide(png[..at]);
            foreach (byte value in (byte[])[0, 1, 0x7F, 0xFF])
            {
                byte[] damaged = [.. png];
                damaged[at] = value;
                Decide(damaged);
            }
        }

        void Decide(byte[] bytes)
        {
            File.WriteAllBytes(folder["logo.png"], bytes);
            try
            {
                Assert.True(BootLogo.TryRead(BootLogoWriter.Convert(folder["logo.png"]), out _));
            }
            catch (EmberException e)
            {
                Assert.StartsWith(folder["logo.png"], e.Message, StringComparison.Ordinal);
            }
        }
    }

    private static void Refuses(string path, string message)
    {
        EmberException e = Assert.Throws<EmberException>(() => BootLogoWriter.Convert(path));
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
        Assert.Equal(ErrorKind.Input, e.Kind);
    }
}
