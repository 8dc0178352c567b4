using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Ember.Core.Console;
using Ember.Core.Devices;
using Ember.Core.Virtualization;
using Ember.Platform.Auditing;
using Ember.Platform.Text;

namespace Ember.Core.Machines;

/// <summary>What a machine says, and who says it: its COM1 on the appliance's console, and the core's lines about it.</summary>
/// <param name="name">The machine's name.</param>
/// <param name="index">Its number among the console's guests, from zero.</param>
internal unsafe struct MachineConsole(ReadOnlySpan<byte> name, int index)
{
    /// <summary>A guest may probe as much as it likes; the console is not its to fill.</summary>
    private const int MostRefusals = 8;

    private readonly int _index = index;
    private GuestTerminal _terminal = new(name);
    private int _refusals;

    /// <summary>Whether something was typed that <see cref="Receive"/> has not given to the guest.</summary>
    public readonly bool HasInput => _terminal.Input.HasInput;

    /// <summary>The machine's name.</summary>
    [UnscopedRef]
    public readonly ReadOnlySpan<byte> Name => _terminal.Name;

    /// <summary>Joins the appliance's console; from now on this structure stays at its place in memory.</summary>
    public void Connect() => SystemConsole.Connect(_index, (GuestTerminal*)Unsafe.AsPointer(ref _terminal));

    /// <summary>Shows what the guest has written to its UART.</summary>
    [LoopBound(Uart16550.RingSize, "bytes the ring holds; only the guest, which does not run, adds to them")]
    public void Drain(ref Uart16550 uart)
    {
        while (uart.TryTakeOutput(out byte value))
        {
            SystemConsole.WriteGuest(ref _terminal, value);
        }
    }

    /// <summary>Gives the guest what was typed, as far as its UART has room.</summary>
    [LoopBound(Uart16550.FifoDepth, "bytes the FIFO holds; each round fills one place")]
    public void Receive(ref Uart16550 uart)
    {
        while (uart.CanReceive && _terminal.Input.TryTake(out byte value))
        {
            uart.TryReceive(value);
        }
    }

    /// <summary>"vm NAME" and a text.</summary>
    public void Report(ReadOnlySpan<byte> text)
    {
        LineBuffer line = Start();
        line.Append(text);
        SystemConsole.WriteLine(line.Text);
    }

    /// <summary>The guest has written to its boot-timer port.</summary>
    public void ReportBootTimer(byte mark, ulong nanoseconds)
    {
        LineBuffer line = Start();
        line.Append(": boot timer "u8);
        line.AppendDecimal(mark);
        line.Append(" at "u8);
        line.AppendSeconds(nanoseconds);
        line.Append(" s"u8);
        SystemConsole.WriteLine(line.Text);
    }

    /// <summary>The guest used a model-specific register that it does not have, and got #GP. Only the first few are reported.</summary>
    public void ReportRefusedMsr(uint index, bool isWrite, ulong instructionPointer)
    {
        if (_refusals == MostRefusals || GuestMsrs.IsProbed(index))
        {
            return;
        }

        _refusals++;
        LineBuffer line = Start();
        line.Append(isWrite ? ": write of MSR 0x"u8 : ": read of MSR 0x"u8);
        line.AppendHex(index, 8);
        line.Append(" refused at 0x"u8);
        line.AppendHex(instructionPointer, 16);
        if (_refusals == MostRefusals)
        {
            line.Append("; further ones are not shown"u8);
        }

        SystemConsole.WriteLine(line.Text);
    }

    /// <summary>What the machine cost, and how much it asked of devices it does not have.</summary>
    public void ReportUse(ulong exits, ulong unknownPortBytes)
    {
        SystemConsole.EndGuestLine(ref _terminal);
        LineBuffer line = Start();
        line.Append(": "u8);
        line.AppendDecimal(exits);
        line.Append(" exits, "u8);
        line.AppendDecimal(unknownPortBytes);
        line.Append(" bytes at ports of no device"u8);
        SystemConsole.WriteLine(line.Text);
    }

    /// <summary>The machine has stopped.</summary>
    public void ReportStop(MachineStop stop, in VmExit exit, ulong instructionPointer)
    {
        SystemConsole.EndGuestLine(ref _terminal);
        LineBuffer line = Start();
        line.Append(MachineStopText.Of(stop));
        if (stop > MachineStop.Reset)
        {
            line.Append(", exit 0x"u8);
            line.AppendHex(exit.Code, 3);
            line.Append(" at 0x"u8);
            line.AppendHex(instructionPointer, 16);
        }

        SystemConsole.WriteLine(line.Text);
    }

    private LineBuffer Start()
    {
        LineBuffer line = default;
        line.Append("vm "u8);
        line.Append(Name);
        return line;
    }
}
