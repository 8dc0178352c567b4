using System;
using System.Runtime.CompilerServices;
using Ember.Formats.Banks;
using Ember.Platform.Console;
using Ember.Platform.Text;
using Ember.Platform.Uefi;

namespace Ember.Loader;

/// <summary>Where the loader speaks: the serial port and the screen, as the core does after it.</summary>
internal static unsafe class LoaderConsole
{
    /// <summary>Below the picture lies one of so many parts of the screen.</summary>
    private const uint LogoShare = 8;

    private static SerialPort _serial;
    private static TextScreen _screen;
    private static ScreenMemory _screenMemory;
    private static FrameBuffer _frameBuffer;
    private static bool _hasScreen;

    /// <summary>Opens serial port and screen.</summary>
    public static void Open(EfiBootServices* services)
    {
        _serial.Initialize();
        _hasScreen = FirmwareScreen.TryOpen(services, out _frameBuffer);
        if (_hasScreen)
        {
            _screen = new TextScreen(_frameBuffer, Unsafe.AsPointer(ref _screenMemory));
        }
    }

    /// <summary>Writes a line, "ember: " in front.</summary>
    public static void WriteLine(ReadOnlySpan<byte> text)
    {
        LineBuffer line = default;
        line.Append("ember: "u8);
        line.Append(text);
        _serial.Write(line.Text);
        _serial.Write("\r\n"u8);
        if (_hasScreen)
        {
            _screen.WriteLine(line.Text);
            _screen.Flush(TextScreen.MaximumColumns * TextScreen.MaximumRows);
        }
    }

    /// <summary>Shows a picture below the lines, if it is one and there is a screen that it fits on.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Show(ReadOnlySpan<byte> file)
    {
        if (_hasScreen && BootLogo.TryRead(file, out BootLogo logo))
        {
            _frameBuffer.DrawPicture(
                (_frameBuffer.Width - (uint)logo.Width) / 2,
                (_frameBuffer.Height / LogoShare * (LogoShare - 1)) - (uint)logo.Height,
                (uint)logo.Width,
                logo.Pixels);
        }
    }

    [InlineArray(TextScreen.MemorySize / sizeof(ushort))]
    private struct ScreenMemory
    {
        private ushort _first;
    }
}
