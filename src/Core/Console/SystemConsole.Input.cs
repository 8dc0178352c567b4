using System;
using Ember.Platform.Auditing;
using Ember.Platform.Text;

namespace Ember.Core.Console;

/// <content>What is typed: to the attached guest, or to the menu. All of it happens on the boot processor.</content>
internal static unsafe partial class SystemConsole
{
    /// <summary>More than a UART's FIFO holds: a device that never runs out of bytes does not keep the processor.</summary>
    private const int MostBytesPerPoll = 64;

    /// <summary>How often unfinished lines are looked after.</summary>
    public const ulong NanosecondsPerAdvance = 200_000_000;

    /// <summary>A guest that has taken nothing for so long loses what is typed, so that the menu's key gets through.</summary>
    private const ulong NanosecondsOfPatience = 1_000_000_000;

    private static ConsoleMenu _menu;
    private static Keyboard _keyboard;
    private static ulong _nextAdvance;
    private static ulong _lastDelivery;

    /// <summary>Looks for a keyboard, once the firmware is gone.</summary>
    public static void OpenKeyboard() => _keyboard.Initialize();

    /// <summary>
    /// Takes what was typed, writes lines that guests left unfinished and brings the screen up to date. To be called by the boot processor,
    /// and by no other, after every interrupt and every 200 ms at least.
    /// </summary>
    /// <param name="directory">The virtual machines.</param>
    /// <param name="now">Nanoseconds of a clock that does not run backwards.</param>
    [LoopBound(MostBytesPerPoll, "bytes")]
    [LoopBound(MostBytesPerPoll, "bytes")]
    public static void Poll<TDirectory>(ref TDirectory directory, ulong now)
        where TDirectory : IMachineDirectory, allows ref struct
    {
        for (int i = 0; i < MostBytesPerPoll && TakesInput(now) && _serial.TryRead(out byte value); i++)
        {
            Take(ref directory, value, now);
        }

        for (int i = 0; i < MostBytesPerPoll && TakesInput(now) && _keyboard.TryRead(out byte value); i++)
        {
            Take(ref directory, value, now);
        }

        if (_menu.IsOpen)
        {
            Follow(ref directory, _menu.Advance(now), now);
        }

        if (now >= _nextAdvance)
        {
            _nextAdvance = now + NanosecondsPerAdvance;
            WriteIdleLines();
        }

        Refresh(now);
    }

    /// <summary>Writes a line of the menu.</summary>
    public static void WriteMenuLine(ReadOnlySpan<byte> text)
    {
        LineBuffer line = default;
        line.Append("ember> "u8);
        line.Append(text);
        WriteRawLine(line.Text);
        _nextRefresh = 0;
    }

    /// <summary>Whether a byte would find somebody: what a guest has no room for stays in the device for a while.</summary>
    private static bool TakesInput(ulong now)
    {
        GuestTerminal* terminal = Terminal(_attached);
        return _menu.IsOpen || terminal == null || terminal->Input.HasRoom || now - _lastDelivery >= NanosecondsOfPatience;
    }

    private static void Take<TDirectory>(ref TDirectory directory, byte value, ulong now)
        where TDirectory : IMachineDirectory, allows ref struct
    {
        if (_menu.IsOpen)
        {
            Follow(ref directory, _menu.Take(ref directory, value, now), now);
        }
        else if (value == ConsoleMenu.Key)
        {
            SetDirect(Nobody);
            _menu.Open(ref directory, _attached, now);
        }
        else if (_attached != Nobody)
        {
            Deliver(ref directory, value, now);
        }
        else if (value is (byte)'\r' or (byte)'\n')
        {
            WriteMenuLine("nobody is attached; Ctrl-] for the menu"u8);
        }
    }

    private static void Deliver<TDirectory>(ref TDirectory directory, byte value, ulong now)
        where TDirectory : IMachineDirectory, allows ref struct
    {
        GuestTerminal* terminal = Terminal(_attached);
        if (terminal != null && terminal->Input.TryAdd(value))
        {
            _lastDelivery = now;
            directory.InputArrived(_attached);
        }
    }

    /// <summary>Does what the menu leaves to the console.</summary>
    private static void Follow<TDirectory>(ref TDirectory directory, MenuOutcome outcome, ulong now)
        where TDirectory : IMachineDirectory, allows ref struct
    {
        switch (outcome)
        {
            case MenuOutcome.Attach:
                Attach(_menu.Selected);
                break;
            case MenuOutcome.Detach:
                Attach(Nobody);
                break;
        }

        if (outcome != MenuOutcome.None)
        {
            SetDirect(_attached);
        }

        if (outcome == MenuOutcome.SendKey && _attached != Nobody)
        {
            Deliver(ref directory, ConsoleMenu.Key, now);
        }
    }

    private static void Attach(int index)
    {
        if (index != _attached)
        {
            ReportAttached(_attached, ": console detached"u8);
            _attached = index;
            ReportAttached(_attached, ": console attached; Ctrl-] for the menu"u8);
        }
    }

    private static void ReportAttached(int index, ReadOnlySpan<byte> text)
    {
        GuestTerminal* terminal = Terminal(index);
        if (terminal != null)
        {
            LineBuffer line = default;
            line.Append("vm "u8);
            line.Append(terminal->Name);
            line.Append(text);
            WriteLine(line.Text);
        }
    }
}
