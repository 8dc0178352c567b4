using System;
using System.Runtime.CompilerServices;
using System.Threading;
using Ember.Platform.Auditing;
using Ember.Platform.Text;

namespace Ember.Core.Console;

/// <content>
/// The guests' consoles on the one line. One of them, the attached one, may write straight through; the others' text comes in whole lines
/// behind their names. Locks are taken in this order: a virtual machine's, its terminal's, the console's.
/// </content>
internal static unsafe partial class SystemConsole
{
    /// <summary>The largest number of virtual machines.</summary>
    public const int MaximumGuests = 64;

    private const int Nobody = -1;

    /// <summary>Ends an escape sequence in a terminal (ECMA-48: CAN).</summary>
    private const byte Cancel = 0x18;

    private static Terminals _terminals;
    private static int _guests;

    /// <summary>Who gets what is typed; only the boot processor changes it.</summary>
    private static int _attached;

    /// <summary>Who writes straight through: the attached guest, or nobody while the menu is open.</summary>
    private static int _direct;

    /// <summary>
    /// Says how many guests there will be. One alone is attached from the start, so that the line is its own; of several none is.
    /// </summary>
    public static void OpenGuests(int count)
    {
        _terminals = default;
        _guests = count;
        _attached = count == 1 ? 0 : Nobody;
        _direct = _attached;
        _menu = default;
        _nextAdvance = 0;
    }

    /// <summary>Gives a guest its place.</summary>
    /// <param name="index">From zero, below <see cref="MaximumGuests"/>.</param>
    /// <param name="terminal">Stays where it is as long as the core runs.</param>
    public static void Connect(int index, GuestTerminal* terminal)
    {
        terminal->Index = index;
        terminal->Guard.Restart();
        Volatile.Write(ref _terminals[index], (nint)terminal);
    }

    /// <summary>Writes a byte of a guest's console. The screen shows it at the next refresh.</summary>
    public static void WriteGuest(ref GuestTerminal terminal, byte value)
    {
        terminal.Lock.Acquire();
        if (!TryWriteDirect(ref terminal, value))
        {
            if (terminal.Line.EndsBefore(value))
            {
                WriteCollected(ref terminal, continues: false);
            }

            if (terminal.Line.Take(value))
            {
                WriteCollected(ref terminal, continues: value != '\n');
            }
        }

        terminal.Lock.Release();
    }

    /// <summary>Writes what a guest has begun, as before the line that tells of its end.</summary>
    public static void EndGuestLine(ref GuestTerminal terminal)
    {
        terminal.Lock.Acquire();
        WriteWaiting(ref terminal);
        terminal.Lock.Release();
    }

    /// <summary>Lines that their guests have left unfinished for a while go out.</summary>
    [LoopBound(MaximumGuests, "guests")]
    private static void WriteIdleLines()
    {
        for (int i = 0; i < MaximumGuests; i++)
        {
            // One that is being written to is not idle: nobody waits for it here.
            GuestTerminal* terminal = Terminal(i);
            if (terminal != null && terminal->Lock.TryAcquire())
            {
                if (terminal->Line.TakeIdle())
                {
                    WriteWaiting(ref *terminal);
                }

                terminal->Lock.Release();
            }
        }
    }

    /// <summary>Lets a guest write straight through, or nobody.</summary>
    private static void SetDirect(int index)
    {
        GuestTerminal* terminal = Terminal(index);
        if (terminal != null)
        {
            terminal->Lock.Acquire();
            WriteWaiting(ref *terminal);
            terminal->Line.Next(continues: false);
        }

        Enter();
        Volatile.Write(ref _direct, index);
        if (_hasScreen)
        {
            _screen.BeginGuest();
        }

        Leave();
        if (terminal != null)
        {
            terminal->Lock.Release();
        }
    }

    private static GuestTerminal* Terminal(int index) =>
        (uint)index < MaximumGuests ? (GuestTerminal*)Volatile.Read(ref _terminals[index]) : null;

    /// <returns>False when the guest is not the one that writes straight through.</returns>
    private static bool TryWriteDirect(ref GuestTerminal terminal, byte value)
    {
        if (Volatile.Read(ref _direct) != terminal.Index)
        {
            return false;
        }

        Enter();
        bool direct = _direct == terminal.Index;
        if (direct)
        {
            WriteThrough(ref terminal, value);
        }

        Leave();
        return direct;
    }

    private static void WriteThrough(ref GuestTerminal terminal, byte value)
    {
        if (value == '\n' && terminal.Escape.IsOpen)
        {
            // Some terminals wait for the rest of a sequence over the end of the line, and would take the next line for it.
            _serial.Write(Cancel);
        }

        ForgedPrefix forged = terminal.Guard.Take(value, !terminal.Escape.Take(value, out _));
        if (forged == ForgedPrefix.Core || (forged == ForgedPrefix.Machine && _guests != 1))
        {
            terminal.Escape = default;
            WriteText("\r\n"u8);
            WriteText(terminal.Name);
            WriteText(forged == ForgedPrefix.Core ? "| ember:"u8 : "| "u8);
        }

        WriteByte(value);
        _insideGuestLine = value != '\n';
    }

    [LoopBound(GuestTerminal.LongestName, "bytes of a name; other texts are shorter")]
    private static void WriteText(ReadOnlySpan<byte> text)
    {
        foreach (byte value in text)
        {
            WriteByte(value);
        }
    }

    private static void WriteByte(byte value)
    {
        _serial.Write(value);
        if (_hasScreen)
        {
            _screen.Write(value);
        }
    }

    /// <summary>Ends the line that the guest which writes straight through is in; what it writes next begins one.</summary>
    private static void InterruptGuest()
    {
        if (_insideGuestLine)
        {
            GuestTerminal* terminal = Terminal(_direct);
            if (terminal != null)
            {
                if (terminal->Escape.IsOpen)
                {
                    _serial.Write(Cancel);
                }

                terminal->Escape = default;
                terminal->Guard.Restart();
            }

            _serial.Write("\r\n"u8);
            _insideGuestLine = false;
        }
    }

    private static void WriteWaiting(ref GuestTerminal terminal)
    {
        if (!terminal.Line.Text.IsEmpty)
        {
            WriteCollected(ref terminal, continues: !terminal.Line.EndsBefore(0));
        }
    }

    /// <summary>Writes the line a guest's text was collected in. The rest of one that went out in pieces may be nothing.</summary>
    private static void WriteCollected(ref GuestTerminal terminal, bool continues)
    {
        ReadOnlySpan<byte> text = terminal.Line.Text;
        if (!terminal.Line.Continues || !text.IsEmpty)
        {
            LineBuffer prefix = default;
            prefix.Append(terminal.Name);
            prefix.Append(terminal.Line.Continues ? "|+"u8 : "| "u8);
            Enter();
            WriteWhole(prefix.Text, text);
            Leave();
        }

        terminal.Line.Next(continues);
    }

    [InlineArray(MaximumGuests)]
    private struct Terminals
    {
        private nint _first;
    }
}
