using System.Linq;
using Ember.Formats.Banks;
using Ember.Platform.Console;

namespace Ember.Core.Tests.Console;

/// <summary>Pictures on a frame buffer.</summary>
public sealed class PictureTests
{
    private static readonly uint[] _picture = [0x010203, 0x102030, 0xFFFFFF, 0x000001, 0x800000, 0x008000];

    [Theory]
    [InlineData(PixelFormat.BlueGreenRed)]
    [InlineData(PixelFormat.RedGreenBlue)]
    public void A_picture_is_drawn_where_it_should_be_and_nowhere_else(PixelFormat format)
    {
        using ScreenMemory memory = new(100, 50, 110, format);
        memory.Buffer.DrawPicture(98, 47, 2, _picture);
        uint[] pixels = memory.Pixels();
        Assert.Equal(_picture, Enumerable.Range(0, 6).Select(i => pixels[((47 + (i / 2)) * 100) + 98 + (i % 2)]));
        Assert.Equal(6, pixels.Count(pixel => pixel != BootLogo.Background));
        Assert.True(memory.IsIntact());
    }

    [Theory]
    [InlineData(99u, 0u)]
    [InlineData(0u, 48u)]
    [InlineData(uint.MaxValue, 0u)]
    [InlineData(0u, uint.MaxValue)]
    public void A_picture_that_does_not_fit_is_not_drawn(uint x, uint y)
    {
        using ScreenMemory memory = new(100, 50, 110);
        memory.Buffer.DrawPicture(x, y, 2, _picture);
        Assert.All(memory.Pixels(), pixel => Assert.Equal(BootLogo.Background, pixel));
        Assert.True(memory.IsIntact());
    }
}
