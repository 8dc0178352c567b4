using System;
using System.Runtime.CompilerServices;
using Ember.Platform.Console;
using Ember.Platform.Text;
using Ember.Platform.Uefi;

namespace Ember.Loader;

/// <summary>Where the loader speaks: the serial port and the screen, as the core does after it.</summary>
internal static unsafe class LoaderConsole
{
    private static SerialPort _serial;
    private static TextScreen _screen;
    private static ScreenMemory _screenMemory;
    private static bool _hasScreen;

    /// <summary>Opens serial port and screen.</summary>
    public static void Open(EfiBootServices* services)
    {
        _serial.Initialize();
        _hasScreen = FirmwareScreen.TryOpen(services, out FrameBuffer frameBuffer);
        if (_hasScreen)
        {
            _screen = new TextScreen(frameBuffer, Unsafe.AsPointer(ref _screenMemory));
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

    [InlineArray(TextScreen.MemorySize / sizeof(ushort))]
    private struct ScreenMemory
    {
        private ushort _first;
    }
}
