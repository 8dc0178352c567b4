using System;

namespace Ember.Platform.Console;

/// <summary>The colours of the screen. The first eight are a terminal's (ECMA-48, SGR 30 to 37), the others Ember's own.</summary>
public static class ScreenColor
{
    public const byte Background = 0;
    public const byte Text = 7;
    public const byte Core = 8;
    public const byte HeaderText = 9;
    public const byte HeaderBackground = 10;

    private const byte Count = 11;

    private static ReadOnlySpan<uint> Palette =>
    [
        0x14171C, 0xE06C60, 0x7FBF6A, 0xD9B45B, 0x6C9BE8, 0xC183D9, 0x5CB8B8, 0xC9CDD3,
        0xFF9D4D, 0x1B1206, 0xF0832B,
    ];

    /// <summary>A colour as 0xRRGGBB.</summary>
    public static uint Value(int color) => (uint)color < Count ? Palette[color] : Palette[Text];
}
