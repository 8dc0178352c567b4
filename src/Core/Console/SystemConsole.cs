using System;
using System.Runtime.CompilerServices;
using Ember.Platform.Text;

namespace Ember.Core.Console;

/// <summary>Where the appliance speaks: the serial port and the screen, both showing the core's lines and the guest's console.</summary>
internal static unsafe class SystemConsole
{
    /// <summary>How often the screen follows a guest that keeps writing.</summary>
    private const ulong NanosecondsPerRefresh = 200_000_000;

    private static SerialPort _serial;
    private static TextScreen _screen;
    private static ScreenMemory _screenMemory;
    private static bool _hasScreen;
    private static bool _insideGuestLine;
    private static ulong _nextRefresh;

    /// <summary>Opens the serial port; the screen joins when the firmware has named its frame buffer.</summary>
    public static void Initialize() => _serial.Initialize();

    /// <summary>Opens the screen.</summary>
    public static void OpenScreen(FrameBuffer frameBuffer)
    {
        _screen = new TextScreen(frameBuffer, Unsafe.AsPointer(ref _screenMemory));
        _hasScreen = true;
    }

    /// <summary>Names the appliance in the bar at the top of the screen.</summary>
    public static void SetHeader(ReadOnlySpan<byte> product, ReadOnlySpan<byte> version)
    {
        if (_hasScreen)
        {
            LineBuffer header = default;
            header.Append(product);
            header.Append((byte)' ');
            header.Append(version);
            _screen.SetHeader(header.Text);
        }
    }

    /// <summary>Writes a line of the core's own. It starts on a line of its own even if a guest is in the middle of one.</summary>
    public static void WriteLine(ReadOnlySpan<byte> text)
    {
        LineBuffer line = default;
        line.Append("ember: "u8);
        line.Append(text);
        WriteRawLine(line.Text);
        Flush();
    }

    /// <summary>Writes a line as it is, for the core's dumps.</summary>
    public static void WriteRawLine(ReadOnlySpan<byte> text)
    {
        if (_insideGuestLine)
        {
            _serial.Write("\r\n"u8);
            _insideGuestLine = false;
        }

        _serial.Write(text);
        _serial.Write("\r\n"u8);
        if (_hasScreen)
        {
            _screen.WriteLine(text);
        }
    }

    /// <summary>Writes a byte of a guest's console. The screen shows it at the next refresh.</summary>
    public static void WriteGuest(byte value)
    {
        _insideGuestLine = value != '\n';
        _serial.Write(value);
        if (_hasScreen)
        {
            _screen.Write(value);
        }
    }

    /// <summary>Brings the screen up to date; the serial port always is.</summary>
    public static void Flush()
    {
        if (_hasScreen)
        {
            _screen.Flush(TextScreen.MaximumColumns * TextScreen.MaximumRows);
        }
    }

    /// <summary>Waits until everything is shown and sent.</summary>
    public static void Drain()
    {
        Flush();
        _serial.Drain();
    }

    /// <summary>Brings the screen up to date if that is due.</summary>
    /// <param name="now">Nanoseconds of a clock that does not run backwards.</param>
    public static void Refresh(ulong now)
    {
        if (now >= _nextRefresh && _hasScreen && _screen.NeedsFlush)
        {
            _nextRefresh = now + NanosecondsPerRefresh;
            Flush();
        }
    }

    /// <summary>Takes a byte that came in on the serial port.</summary>
    public static bool TryRead(out byte value) => _serial.TryRead(out value);

    /// <summary>Interrupts when a byte comes in on the serial port.</summary>
    public static void EnableReceiveInterrupt() => SerialPort.EnableReceiveInterrupt();

    [InlineArray(TextScreen.MemorySize / sizeof(ushort))]
    private struct ScreenMemory
    {
        private ushort _first;
    }
}
