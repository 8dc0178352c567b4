using System;
using System.Runtime.CompilerServices;
using Ember.Platform.Console;
using Ember.Platform.Processors;
using Ember.Platform.Text;

namespace Ember.Core.Console;

/// <summary>
/// Where the appliance speaks: the serial port and the screen, both showing the core's lines and the guests' consoles. Every
/// processor may use it, but no interrupt handler.
/// </summary>
internal static unsafe partial class SystemConsole
{
    /// <summary>How often the screen follows guests that keep writing.</summary>
    private const ulong NanosecondsPerRefresh = 200_000_000;

    private static TicketLock _lock;
    private static bool _lockBroken;
    private static SerialPort _serial;
    private static TextScreen _screen;
    private static ScreenMemory _screenMemory;
    private static bool _hasScreen;
    private static bool _insideGuestLine;
    private static ulong _nextRefresh;

    /// <summary>Opens a serial port; the screen joins when the firmware has named its frame buffer.</summary>
    /// <param name="port"><see cref="SerialPort.Com1"/> or <see cref="SerialPort.Com2"/>.</param>
    public static void Initialize(ushort port = SerialPort.Com1)
    {
        _lockBroken = false;
        _hasScreen = false;
        _insideGuestLine = false;
        _nextRefresh = 0;
        _serial.Initialize(port);
        OpenGuests(0);
    }

    /// <summary>Opens the screen.</summary>
    public static void OpenScreen(FrameBuffer frameBuffer)
    {
        _screen = new TextScreen(frameBuffer, Unsafe.AsPointer(ref _screenMemory));
        _hasScreen = true;
    }

    /// <summary>Names the appliance in the bar at the top of the screen.</summary>
    public static void SetHeader(ReadOnlySpan<byte> product, ReadOnlySpan<byte> version, ReadOnlySpan<byte> banner)
    {
        if (_hasScreen)
        {
            LineBuffer header = default;
            header.Append(product);
            header.Append((byte)' ');
            header.Append(version);
            header.Append("  "u8);
            header.Append(banner);
            _screen.SetHeader(header.Text);
        }
    }

    /// <summary>
    /// Writes a line of the core's own. It starts on a line of its own even if a guest is in the middle of one. The screen shows it at once,
    /// or, when there are guests, at the next refresh: drawing a screen takes longer than starting a virtual machine.
    /// </summary>
    public static void WriteLine(ReadOnlySpan<byte> text)
    {
        LineBuffer line = default;
        line.Append("ember: "u8);
        line.Append(text);
        Enter();
        WriteWhole(line.Text, default);
        if (_guests == 0)
        {
            FlushScreen();
        }

        Leave();
    }

    /// <summary>Writes a line as it is, for the core's dumps.</summary>
    public static void WriteRawLine(ReadOnlySpan<byte> text)
    {
        Enter();
        WriteWhole(text, default);
        Leave();
    }

    /// <summary>Brings the screen up to date; the serial port always is.</summary>
    public static void Flush()
    {
        Enter();
        FlushScreen();
        Leave();
    }

    /// <summary>Waits until everything is shown and sent.</summary>
    public static void Drain()
    {
        Enter();
        FlushScreen();
        _serial.Drain();
        Leave();
    }

    /// <summary>
    /// Opens the console to a processor that crashed, whoever was writing: from now on nobody waits for anybody. The others have been
    /// halted.
    /// </summary>
    public static void BreakLock() => _lockBroken = true;

    /// <summary>Interrupts when a byte comes in on the serial port.</summary>
    public static void EnableReceiveInterrupt() => _serial.EnableReceiveInterrupt();

    private static void Enter()
    {
        if (!_lockBroken)
        {
            _lock.Acquire();
        }
    }

    private static void Leave()
    {
        if (!_lockBroken)
        {
            _lock.Release();
        }
    }

    /// <summary>Writes a line: text of the core's, then of a guest's that is not attached.</summary>
    private static void WriteWhole(ReadOnlySpan<byte> text, ReadOnlySpan<byte> guestText)
    {
        InterruptGuest();
        _serial.Write(text);
        _serial.Write(guestText);
        _serial.Write("\r\n"u8);
        if (_hasScreen)
        {
            _screen.WriteLine(text, guestText);
        }
    }

    private static void FlushScreen()
    {
        if (_hasScreen)
        {
            _screen.Flush(TextScreen.MaximumColumns * TextScreen.MaximumRows);
        }
    }

    /// <summary>Brings the screen up to date if that is due.</summary>
    private static void Refresh(ulong now)
    {
        if (now >= _nextRefresh && _hasScreen)
        {
            _nextRefresh = now + NanosecondsPerRefresh;
            Flush();
        }
    }

    [InlineArray(TextScreen.MemorySize / sizeof(ushort))]
    private struct ScreenMemory
    {
        private ushort _first;
    }
}
