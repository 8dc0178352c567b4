using System;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text;
using Ember.Core.Console;
using Ember.Core.Tests.Hosting;

namespace Ember.Core.Tests.Console;

/// <summary>The appliance's console on hardware a test controls, with a terminal for each of some virtual machines.</summary>
internal sealed unsafe class ConsoleBench : IDisposable
{
    private const ulong Second = 1_000_000_000;

    private readonly GuestTerminal*[] _terminals;
    private FakeDirectory _directory;
    private ulong _now = Second;

    public ConsoleBench(params string[] names)
        : this([.. names.Select(name => new FakeDirectory.Machine(name))])
    {
    }

    public ConsoleBench(params FakeDirectory.Machine[] machines)
    {
        _directory = new FakeDirectory(machines);
        SystemConsole.Initialize();
        SystemConsole.OpenGuests(machines.Length);
        _terminals = new GuestTerminal*[machines.Length];
        for (int i = 0; i < machines.Length; i++)
        {
            _terminals[i] = (GuestTerminal*)NativeMemory.AllocZeroed((nuint)sizeof(GuestTerminal));
            *_terminals[i] = new GuestTerminal(Encoding.ASCII.GetBytes(machines[i].Name));
            SystemConsole.Connect(i, _terminals[i]);
        }
    }

    public FakeHardware Hardware { get; } = new();

    public FakeDirectory Directory => _directory;

    /// <summary>What went out over the serial port.</summary>
    public string Serial => Hardware.Serial;

    /// <summary>What went out since this was asked for the last time.</summary>
    public string TakeSerial()
    {
        string all = Serial;
        string taken = all[_taken..];
        _taken = all.Length;
        return taken;
    }

    private int _taken;

    /// <summary>A guest writes bytes, a character each.</summary>
    public ConsoleBench Write(int guest, string text) => Write(guest, [.. text.Select(character => checked((byte)character))]);

    /// <summary>A guest writes bytes.</summary>
    public ConsoleBench Write(int guest, byte[] bytes)
    {
        foreach (byte value in bytes)
        {
            SystemConsole.WriteGuest(ref *_terminals[guest], value);
        }

        return this;
    }

    /// <summary>Types bytes, a character each, and lets the console look at them.</summary>
    public ConsoleBench Type(string text)
    {
        foreach (char character in text)
        {
            Hardware.Input.Enqueue(checked((byte)character));
        }

        return Poll();
    }

    /// <summary>Lets the console look what there is to do.</summary>
    public ConsoleBench Poll()
    {
        SystemConsole.Poll(ref _directory, _now);
        return this;
    }

    /// <summary>Lets time pass, and the console look as often as it has to.</summary>
    public ConsoleBench Wait(double seconds)
    {
        for (ulong end = _now + (ulong)(seconds * Second); _now < end;)
        {
            _now = Math.Min(_now + (Second / 5), end);
            Poll();
        }

        return this;
    }

    /// <summary>A guest's end of its line is written, as when it stops.</summary>
    public void EndLine(int guest) => SystemConsole.EndGuestLine(ref *_terminals[guest]);

    /// <summary>What was typed for a guest and not taken yet.</summary>
    public string TakeInput(int guest)
    {
        StringBuilder input = new();
        while (_terminals[guest]->Input.TryTake(out byte value))
        {
            input.Append((char)value);
        }

        return input.ToString();
    }

    public void Dispose()
    {
        SystemConsole.Initialize();
        foreach (GuestTerminal* terminal in _terminals)
        {
            NativeMemory.Free(terminal);
        }
    }
}
