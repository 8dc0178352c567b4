using System;
using System.Runtime.InteropServices;
using Ember.Platform.Console;

namespace Ember.Core.Tests.Console;

/// <summary>A frame buffer and a screen's cells in host memory, with bands around and beside the pixels that nobody may touch.</summary>
internal sealed unsafe class ScreenMemory : IDisposable
{
    private const uint Untouched = 0xDEAD_BEEF;
    private const int Band = 4096;

    private readonly uint* _allocation;
    private readonly int _length;
    private readonly ushort* _cells;
    private readonly int _stride;

    public ScreenMemory(int width, int height, int stride, PixelFormat format = PixelFormat.BlueGreenRed)
    {
        Width = width;
        Height = height;
        _stride = stride;
        Format = format;
        _length = (stride * height) + (2 * Band);
        _allocation = (uint*)NativeMemory.Alloc((nuint)_length, sizeof(uint));
        new Span<uint>(_allocation, _length).Fill(Untouched);
        _cells = (ushort*)NativeMemory.Alloc(TextScreen.MemorySize + (2 * Band * sizeof(ushort)));
        new Span<ushort>(_cells, Band).Fill(0x5A5A);
        new Span<ushort>(_cells + Band + (TextScreen.MemorySize / 2), Band).Fill(0x5A5A);
        Assert.True(FrameBuffer.TryCreate(
            _allocation + Band, (ulong)stride * (ulong)height * 4, (uint)width, (uint)height, (uint)stride, format, out FrameBuffer buffer));
        Buffer = buffer;
        Screen = new TextScreen(buffer, _cells + Band);
    }

    public TextScreen Screen;

    public int Width { get; }

    public int Height { get; }

    public PixelFormat Format { get; }

    public FrameBuffer Buffer { get; }

    /// <summary>The visible pixels as 0xRRGGBB.</summary>
    public uint[] Pixels()
    {
        uint[] pixels = new uint[Width * Height];
        for (int i = 0; i < pixels.Length; i++)
        {
            uint pixel = _allocation[Band + (i / Width * _stride) + (i % Width)];
            pixels[i] = Format == PixelFormat.BlueGreenRed
                ? pixel
                : ((pixel & 0xFF) << 16) | (pixel & 0xFF00) | (pixel >> 16);
        }

        return pixels;
    }

    /// <summary>Whether nothing but visible pixels and the screen's own cells was written.</summary>
    public bool IsIntact()
    {
        bool intact = new Span<ushort>(_cells, Band).IndexOfAnyExcept((ushort)0x5A5A) < 0
            && new Span<ushort>(_cells + Band + (TextScreen.MemorySize / 2), Band).IndexOfAnyExcept((ushort)0x5A5A) < 0
            && new Span<uint>(_allocation, Band).IndexOfAnyExcept(Untouched) < 0
            && new Span<uint>(_allocation + _length - Band, Band).IndexOfAnyExcept(Untouched) < 0;
        for (int y = 0; y < Height && intact; y++)
        {
            intact = new Span<uint>(_allocation + Band + (y * _stride) + Width, _stride - Width).IndexOfAnyExcept(Untouched) < 0;
        }

        return intact;
    }

    public void Dispose()
    {
        NativeMemory.Free(_allocation);
        NativeMemory.Free(_cells);
    }
}
