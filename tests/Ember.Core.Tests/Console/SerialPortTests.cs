using System;
using System.Collections.Generic;
using System.Text;
using Ember.Platform.Console;
using Ember.Platform.Processors;
using Ember.Platform.Tests.Hosting;

namespace Ember.Core.Tests.Console;

/// <summary>The serial port on a 16550 that a test can stop, and on none.</summary>
public sealed class SerialPortTests
{
    private readonly Uart _uart = new();
    private SerialPort _port;

    public SerialPortTests() => Cpu.Hardware = _uart;

    [Fact]
    public void The_line_is_set_to_115200_baud_8_bits_no_parity_with_fifos_and_no_interrupts()
    {
        _uart.Registers[1] = 0x0F;
        _port.Initialize();
        Assert.Equal((1, 0), (_uart.Divisor[0], _uart.Divisor[1]));
        Assert.Equal((0, 0x07, 0x03, 0x0B), (_uart.Registers[1], _uart.FifoControl, _uart.Registers[3], _uart.Registers[4]));
        Assert.Empty(_uart.Sent);
        _port.EnableReceiveInterrupt();
        Assert.Equal(1, _uart.Registers[1]);
    }

    [Fact]
    public void Another_port_is_used_as_the_first_is()
    {
        _uart.Base = 0x2F8;
        _port.Initialize(SerialPort.Com2);
        _port.Write("second"u8);
        _port.Drain();
        Assert.Equal("second"u8, [.. _uart.Sent]);
    }

    [Fact]
    public void Bytes_go_out_in_order_and_never_more_than_the_fifo_holds()
    {
        _port.Initialize();
        byte[] text = new byte[1000];
        new Random(1).NextBytes(text);
        _uart.DrainsAfter = 7;
        _port.Write(text);
        Assert.Equal(text, _uart.Sent);
        Assert.Equal(16, _uart.Deepest);
    }

    [Fact]
    public void A_line_nobody_takes_from_costs_one_long_wait_and_then_one_look_a_byte()
    {
        _port.Initialize();
        _uart.DrainsAfter = int.MaxValue;
        _port.Write("0123456789ABCDEF"u8);
        int before = _uart.Looks;
        _port.Write((byte)'x');
        Assert.InRange(_uart.Looks - before, 10_000, 2_000_000);
        before = _uart.Looks;
        _port.Write("dropped"u8);
        Assert.Equal(7, _uart.Looks - before);
        Assert.Equal("0123456789ABCDEF", Encoding.ASCII.GetString([.. _uart.Sent]));

        _uart.DrainsAfter = 0;
        _port.Write("again, and more than sixteen bytes of it"u8);
        Assert.Equal("0123456789ABCDEFagain, and more than sixteen bytes of it", Encoding.ASCII.GetString([.. _uart.Sent]));
        Assert.Equal(16, _uart.Deepest);

        // Having recovered, it waits as patiently as before.
        _uart.DrainsAfter = 500;
        _port.Write("and again, and more than sixteen bytes of it"u8);
        Assert.EndsWith("and again, and more than sixteen bytes of it", Encoding.ASCII.GetString([.. _uart.Sent]), StringComparison.Ordinal);
    }

    [Fact]
    public void The_last_byte_has_left_when_the_port_is_drained_and_a_port_nobody_takes_from_is_given_up()
    {
        _port.Initialize();
        _uart.DrainsAfter = 300;
        _port.Write("last words"u8);
        int before = _uart.Looks;
        _port.Drain();
        Assert.InRange(_uart.Looks - before, 300, 302);
        _uart.DrainsAfter = int.MaxValue;
        _port.Write((byte)'x');
        before = _uart.Looks;
        _port.Drain();
        Assert.InRange(_uart.Looks - before, 10_000, 2_000_000);
    }

    [Fact]
    public void Bytes_arrive_in_order()
    {
        _port.Initialize();
        Assert.False(_port.TryRead(out byte value));
        Assert.Equal(0, value);
        _uart.Input.Enqueue(0x41);
        _uart.Input.Enqueue(0x00);
        Assert.True(_port.TryRead(out value));
        Assert.Equal(0x41, value);
        Assert.True(_port.TryRead(out value));
        Assert.Equal(0x00, value);
        Assert.False(_port.TryRead(out _));
    }

    /// <summary>Where no port is, every read gives all ones: a byte seems to wait for ever.</summary>
    [Fact]
    public void Without_a_port_everything_is_dropped_and_nothing_is_read()
    {
        var nothing = new NoUart();
        Cpu.Hardware = nothing;
        _port.Initialize();
        int reads = nothing.Reads;
        _port.Write("lost"u8);
        Assert.False(_port.TryRead(out _));
        _port.Drain();
        Assert.Equal(reads, nothing.Reads);
    }

    private sealed class NoUart : RefusingHardware
    {
        public int Reads { get; private set; }

        public override uint ReadPort(ushort port, int size)
        {
            Reads++;
            return 0xFF;
        }

        public override void WritePort(ushort port, int size, uint value)
        {
        }
    }

    /// <summary>A 16550A whose transmitter empties after so many looks at the line status.</summary>
    private sealed class Uart : RefusingHardware
    {
        private int _filled;
        private int _looksSince;

        public ushort Base { get; set; } = 0x3F8;

        public byte[] Registers { get; } = new byte[8];

        public byte[] Divisor { get; } = new byte[2];

        public byte FifoControl { get; private set; }

        public List<byte> Sent { get; } = [];

        public Queue<byte> Input { get; } = new();

        public int DrainsAfter { get; set; }

        public int Looks { get; private set; }

        public int Deepest { get; private set; }

        public override uint ReadPort(ushort port, int size)
        {
            switch (port - Base)
            {
                case 0:
                    return Input.Dequeue();
                case 5:
                    Looks++;
                    if (++_looksSince > DrainsAfter)
                    {
                        _filled = 0;
                    }

                    return (Input.Count != 0 ? 1u : 0) | (_filled == 0 ? 0x60u : 0);
                case 7:
                    return Registers[7];
                default:
                    return base.ReadPort(port, size);
            }
        }

        public override void WritePort(ushort port, int size, uint value)
        {
            Assert.Equal(1, size);
            int register = port - Base;
            if (register < 2 && (Registers[3] & 0x80) != 0)
            {
                Divisor[register] = (byte)value;
            }
            else if (register == 0)
            {
                Assert.True(_filled < 16, "the transmitter was overrun");
                _filled++;
                _looksSince = 0;
                Deepest = Math.Max(Deepest, _filled);
                Sent.Add((byte)value);
            }
            else if (register == 2)
            {
                FifoControl = (byte)value;
            }
            else
            {
                Registers[register] = (byte)value;
            }
        }
    }
}
