using System;
using Ember.Platform.Auditing;
using Ember.Platform.Processors;
using Ember.Platform.Text;

namespace Ember.Platform.Console;

/// <summary>The host's COM1 as a 16550A (National Semiconductor PC16550D data sheet): 115,200 baud, 8N1, FIFOs on.</summary>
public struct SerialPort
{
    /// <summary>Where COM1 is.</summary>
    public const ushort Base = 0x3F8;

    private const ushort InterruptEnable = Base + 1;
    private const ushort FifoControl = Base + 2;
    private const ushort LineControl = Base + 3;
    private const ushort ModemControl = Base + 4;
    private const ushort LineStatus = Base + 5;
    private const ushort Scratch = Base + 7;
    private const byte DivisorLatchAccess = 0x80;
    private const byte EightBitsNoParity = 0x03;
    private const byte EnableAndClearFifos = 0x07;
    private const byte ReadyAndInterruptOutput = 0x0B;
    private const byte DataReady = 0x01;
    private const byte TransmitterEmpty = 0x20;
    private const byte TransmitterIdle = 0x40;
    private const int FifoDepth = 16;
    private const uint MostPolls = 1_000_000;

    private bool _present;
    private bool _stalled;
    private int _room;

    /// <summary>Sets the port up; without one, everything written is dropped.</summary>
    public void Initialize()
    {
        Cpu.Out8(Scratch, 0x5A);
        _present = Cpu.In8(Scratch) == 0x5A;
        Cpu.Out8(InterruptEnable, 0);
        Cpu.Out8(LineControl, DivisorLatchAccess | EightBitsNoParity);
        Cpu.Out8(Base, 1);
        Cpu.Out8(InterruptEnable, 0);
        Cpu.Out8(LineControl, EightBitsNoParity);
        Cpu.Out8(FifoControl, EnableAndClearFifos);
        Cpu.Out8(ModemControl, ReadyAndInterruptOutput);
    }

    /// <summary>Interrupts when a byte has arrived.</summary>
    public static void EnableReceiveInterrupt() => Cpu.Out8(InterruptEnable, DataReady);

    [LoopBound(LineBuffer.Capacity, "bytes of a line; longer text is none of the core's")]
    public void Write(ReadOnlySpan<byte> text)
    {
        foreach (byte value in text)
        {
            Write(value);
        }
    }

    /// <summary>
    /// Writes a byte, waiting for room. While nobody takes what was sent, bytes are dropped after one look instead of a long wait
    /// each, until the transmitter is empty again.
    /// </summary>
    [LoopBound(MostPolls, "counted by polls")]
    public void Write(byte value)
    {
        if (!_present)
        {
            return;
        }

        if (_room == 0)
        {
            uint polls = _stalled ? MostPolls - 1 : 0;
            while ((Cpu.In8(LineStatus) & TransmitterEmpty) == 0)
            {
                if (++polls >= MostPolls)
                {
                    _stalled = true;
                    return;
                }
            }

            _stalled = false;
            _room = FifoDepth;
        }

        _room--;
        Cpu.Out8(Base, value);
    }

    /// <summary>Waits until the last byte has left, as it must before the power goes.</summary>
    public readonly void Drain()
    {
        uint polls = _present ? 0 : MostPolls;
        while (polls < MostPolls && (Cpu.In8(LineStatus) & TransmitterIdle) == 0)
        {
            polls++;
        }
    }

    /// <summary>Takes a byte that has arrived.</summary>
    public readonly bool TryRead(out byte value)
    {
        value = 0;
        if (!_present || (Cpu.In8(LineStatus) & DataReady) == 0)
        {
            return false;
        }

        value = Cpu.In8(Base);
        return true;
    }
}
