using System;
using Ember.Platform.Auditing;
using Ember.Platform.Processors;
using Ember.Platform.Text;

namespace Ember.Platform.Console;

/// <summary>A serial port of the host as a 16550A (National Semiconductor PC16550D data sheet): 115,200 baud, 8N1, FIFOs on.</summary>
public struct SerialPort
{
    /// <summary>Where COM1 is; its ISA interrupt is 4.</summary>
    public const ushort Com1 = 0x3F8;

    /// <summary>Where COM2 is, over which many boards redirect; its ISA interrupt is 3.</summary>
    public const ushort Com2 = 0x2F8;

    private const int Data = 0;
    private const int InterruptEnable = 1;
    private const int FifoControl = 2;
    private const int LineControl = 3;
    private const int ModemControl = 4;
    private const int LineStatus = 5;
    private const int Scratch = 7;
    private const byte DivisorLatchAccess = 0x80;
    private const byte EightBitsNoParity = 0x03;
    private const byte EnableAndClearFifos = 0x07;
    private const byte ReadyAndInterruptOutput = 0x0B;
    private const byte DataReady = 0x01;
    private const byte TransmitterEmpty = 0x20;
    private const byte TransmitterIdle = 0x40;
    private const int FifoDepth = 16;
    private const uint MostPolls = 1_000_000;

    private ushort _base;
    private bool _present;
    private bool _stalled;
    private int _room;

    /// <summary>Sets the port up; without one, everything written is dropped.</summary>
    /// <param name="port"><see cref="Com1"/> or <see cref="Com2"/>.</param>
    public void Initialize(ushort port = Com1)
    {
        _base = port;
        Out(Scratch, 0x5A);
        _present = In(Scratch) == 0x5A;
        Out(InterruptEnable, 0);
        Out(LineControl, DivisorLatchAccess | EightBitsNoParity);
        Out(Data, 1);
        Out(InterruptEnable, 0);
        Out(LineControl, EightBitsNoParity);
        Out(FifoControl, EnableAndClearFifos);
        Out(ModemControl, ReadyAndInterruptOutput);
    }

    /// <summary>Interrupts when a byte has arrived.</summary>
    public readonly void EnableReceiveInterrupt() => Out(InterruptEnable, DataReady);

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
            while ((In(LineStatus) & TransmitterEmpty) == 0)
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
        Out(Data, value);
    }

    /// <summary>Waits until the last byte has left, as it must before the power goes.</summary>
    public readonly void Drain()
    {
        uint polls = _present ? 0 : MostPolls;
        while (polls < MostPolls && (In(LineStatus) & TransmitterIdle) == 0)
        {
            polls++;
        }
    }

    /// <summary>Takes a byte that has arrived.</summary>
    public readonly bool TryRead(out byte value)
    {
        value = 0;
        if (!_present || (In(LineStatus) & DataReady) == 0)
        {
            return false;
        }

        value = In(Data);
        return true;
    }

    private readonly byte In(int register) => Cpu.In8((ushort)(_base + register));

    private readonly void Out(int register, byte value) => Cpu.Out8((ushort)(_base + register), value);
}
