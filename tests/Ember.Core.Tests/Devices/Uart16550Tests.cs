using System.Collections.Generic;
using System.Linq;
using System.Text;
using CsCheck;
using Ember.Core.Devices;

namespace Ember.Core.Tests.Devices;

public sealed class Uart16550Tests
{
    private const int Rbr = 0, Ier = 1, Iir = 2, Fcr = 2, Lcr = 3, Mcr = 4, Lsr = 5, Msr = 6, Scr = 7;
    private const byte Thre = 0x60;
    private const byte Out2 = 0x08;

    private Uart16550 _uart;

    public Uart16550Tests() => _uart.Initialize();

    private string Drain()
    {
        StringBuilder text = new();
        while (_uart.TryTakeOutput(out byte value))
        {
            text.Append((char)value);
        }

        return text.ToString();
    }

    [Fact]
    public void Reset_state_is_the_data_sheets()
    {
        Assert.Equal(0x00, _uart.Read(Ier));
        Assert.Equal(0x01, _uart.Read(Iir));
        Assert.Equal(0x00, _uart.Read(Lcr));
        Assert.Equal(0x00, _uart.Read(Mcr));
        Assert.Equal(Thre, _uart.Read(Lsr));
        Assert.Equal(0xB0, _uart.Read(Msr));
        Assert.False(_uart.InterruptOutput);
        Assert.False(_uart.HasOutput);
    }

    /// <summary>The accesses of Linux's autoconfig, autoconfig_16550a included: it must end as a plain 16550A.</summary>
    [Fact]
    public void Linux_finds_a_16550A()
    {
        _uart.Write(Ier, 0);
        Assert.Equal(0, _uart.Read(Ier) & 0x0F);
        _uart.Write(Ier, 0x0F);
        Assert.Equal(0x0F, _uart.Read(Ier) & 0x0F);
        _uart.Write(Ier, 0);

        _uart.Write(Mcr, 0x1A);
        Assert.Equal(0x90, _uart.Read(Msr) & 0xF0);
        _uart.Write(Mcr, 0);

        _uart.Write(Lcr, 0xBF);
        _uart.Read(Iir);
        _uart.Write(Lcr, 0);
        _uart.Write(Fcr, 0x01);
        Assert.Equal(3, _uart.Read(Iir) >> 6);

        // No 16650: its EFR would read 0 here. No 16750: bit 5 stays clear when 64-byte mode is asked for.
        _uart.Write(Lcr, 0x80);
        Assert.NotEqual(0, _uart.Read(2));
        _uart.Write(Lcr, 0x00);
        _uart.Write(Fcr, 0x21);
        Assert.Equal(6, _uart.Read(Iir) >> 5);

        // No XScale: the UART unit enable bit does not stick.
        _uart.Write(Ier, 0x40);
        Assert.Equal(0, _uart.Read(Ier) & 0x40);
        Assert.Equal("", Drain());
    }

    /// <summary>
    /// Linux's serial8250_do_startup: a UART that does not raise THRE again costs a timer, one with TXEN a bug flag.
    /// </summary>
    [Fact]
    public void Enabling_the_transmitter_interrupt_raises_it_every_time()
    {
        _uart.Write(Ier, 0x02);
        Assert.Equal(0x02, _uart.Read(Iir) & 0x0F);
        _uart.Write(Ier, 0);
        _uart.Write(Ier, 0x02);
        Assert.Equal(0x02, _uart.Read(Iir) & 0x0F);
        Assert.Equal(0x01, _uart.Read(Iir) & 0x0F);
        _uart.Write(Ier, 0x02);
        Assert.Equal(0x01, _uart.Read(Iir) & 0x0F);
    }

    [Fact]
    public void Interrupt_driven_output_interrupts_after_every_write_until_the_driver_stops()
    {
        _uart.Write(Fcr, 0x01);
        _uart.Write(Mcr, Out2);
        _uart.Write(Ier, 0x02);
        Assert.True(_uart.InterruptOutput);
        Assert.Equal(0xC2, _uart.Read(Iir));
        Assert.False(_uart.InterruptOutput);
        foreach (byte b in "hello"u8)
        {
            _uart.Write(Rbr, b);
        }

        Assert.True(_uart.InterruptOutput);
        Assert.Equal(0xC2, _uart.Read(Iir));
        _uart.Write(Ier, 0);
        Assert.False(_uart.InterruptOutput);
        Assert.Equal("hello", Drain());
    }

    [Fact]
    public void A_driver_that_heeds_THRE_loses_nothing_while_nobody_drains()
    {
        int sent = 0;
        while ((_uart.Read(Lsr) & 0x20) != 0)
        {
            for (int i = 0; i < Uart16550.FifoDepth; i++)
            {
                _uart.Write(Rbr, (byte)sent++);
            }
        }

        Assert.Equal(256, sent);
        _uart.Write(Mcr, Out2);
        _uart.Write(Ier, 0x02);
        Assert.False(_uart.InterruptOutput);
        for (int i = 0; i < sent; i++)
        {
            Assert.Equal(i >= Uart16550.FifoDepth, _uart.InterruptOutput);
            Assert.True(_uart.TryTakeOutput(out byte value));
            Assert.Equal((byte)i, value);
        }

        Assert.False(_uart.HasOutput);
        Assert.Equal(Thre, _uart.Read(Lsr));
    }

    [Fact]
    public void Received_bytes_come_in_order_and_interrupt_by_trigger_level()
    {
        _uart.Write(Fcr, 0x81);
        _uart.Write(Mcr, Out2);
        _uart.Write(Ier, 0x01);
        Assert.Equal(7, _uart.Receive("abcdefg"u8));
        Assert.True(_uart.InterruptOutput);
        Assert.Equal(0xCC, _uart.Read(Iir));
        Assert.True(_uart.TryReceive((byte)'h'));
        Assert.Equal(0xC4, _uart.Read(Iir));
        foreach (byte expected in "abcdefgh"u8)
        {
            Assert.Equal(Thre | 1, _uart.Read(Lsr));
            Assert.Equal(expected, _uart.Read(Rbr));
        }

        Assert.Equal(Thre, _uart.Read(Lsr));
        Assert.False(_uart.InterruptOutput);
        Assert.Equal(0, _uart.Read(Rbr));
    }

    [Theory]
    [InlineData(0x00, 1)]
    [InlineData(0x01, 16)]
    public void The_receiver_takes_what_fits(byte fifoControl, int capacity)
    {
        _uart.Write(Fcr, fifoControl);
        Assert.Equal(capacity, _uart.Receive(new byte[100]));
        Assert.False(_uart.TryReceive(1));
        _uart.Read(Rbr);
        Assert.True(_uart.TryReceive(1));
        Assert.Equal(Thre | 1, _uart.Read(Lsr));
    }

    [Theory]
    [InlineData(0x03)]
    [InlineData(0x00)]
    public void Clearing_the_receive_fifo_or_changing_its_mode_drops_it(byte fifoControl)
    {
        _uart.Write(Fcr, 0x01);
        _uart.Receive("abc"u8);
        _uart.Write(Fcr, 0x05);
        Assert.Equal(Thre | 1, _uart.Read(Lsr));
        _uart.Write(Fcr, fifoControl);
        Assert.Equal(Thre, _uart.Read(Lsr));
    }

    [Fact]
    public void Interrupts_are_identified_by_priority()
    {
        _uart.Write(Mcr, 0x10);
        _uart.Read(Msr);
        _uart.Write(Ier, 0x0F);
        _uart.Write(Mcr, 0x12);
        _uart.Write(Rbr, 1);
        _uart.Write(Rbr, 2);
        Assert.Equal(0x06, _uart.Read(Iir));
        Assert.Equal(Thre | 0x03, _uart.Read(Lsr));
        Assert.Equal(0x04, _uart.Read(Iir));
        Assert.Equal(1, _uart.Read(Rbr));
        Assert.Equal(0x02, _uart.Read(Iir));
        Assert.Equal(0x00, _uart.Read(Iir));
        Assert.Equal(0x11, _uart.Read(Msr));
        Assert.Equal(0x01, _uart.Read(Iir));
        Assert.False(_uart.InterruptOutput);
    }

    [Theory]
    [InlineData(0x01, 0x20)]
    [InlineData(0x02, 0x10)]
    [InlineData(0x04, 0x40)]
    [InlineData(0x08, 0x80)]
    public void Loopback_connects_modem_outputs_to_inputs(byte output, byte input)
    {
        _uart.Write(Mcr, 0x10);
        _uart.Read(Msr);
        _uart.Write(Mcr, (byte)(0x10 | output));
        Assert.Equal(input | (input == 0x40 ? 0 : input >> 4), _uart.Read(Msr));
        _uart.Write(Mcr, 0x10);
        Assert.Equal(input >> 4, _uart.Read(Msr));
        Assert.Equal(0, _uart.Read(Msr));
    }

    [Fact]
    public void Loopback_data_returns_and_never_reaches_the_line()
    {
        _uart.Write(Fcr, 0x01);
        _uart.Write(Mcr, 0x10);
        Assert.False(_uart.TryReceive(9));
        for (byte i = 0; i < 17; i++)
        {
            _uart.Write(Rbr, i);
        }

        Assert.Equal(Thre | 0x03, _uart.Read(Lsr));
        Assert.Equal(Enumerable.Range(0, 16), Enumerable.Range(0, 16).Select(_ => (int)_uart.Read(Rbr)).ToList());
        Assert.Equal("", Drain());
    }

    [Fact]
    public void The_divisor_latch_hides_data_and_interrupt_enable()
    {
        _uart.Write(Ier, 0x05);
        _uart.Write(Lcr, 0x83);
        _uart.Write(0, 0x34);
        _uart.Write(1, 0x12);
        Assert.Equal(0x34, _uart.Read(0));
        Assert.Equal(0x12, _uart.Read(1));
        _uart.Write(Lcr, 0x03);
        Assert.Equal(0x05, _uart.Read(Ier));
        Assert.Equal("", Drain());
    }

    [Fact]
    public void The_interrupt_line_needs_OUT2()
    {
        _uart.Write(Ier, 0x02);
        Assert.False(_uart.InterruptOutput);
        _uart.Write(Mcr, Out2);
        Assert.True(_uart.InterruptOutput);
        _uart.Write(Mcr, Out2 | 0x10);
        Assert.False(_uart.InterruptOutput);
    }

    [Fact]
    public void Scratch_holds_a_byte_and_status_registers_cannot_be_written()
    {
        _uart.Write(Scr, 0xA5);
        _uart.Write(Lsr, 0xFF);
        _uart.Write(Msr, 0xFF);
        Assert.Equal(0xA5, _uart.Read(Scr));
        Assert.Equal(Thre, _uart.Read(Lsr));
        Assert.Equal(0xB0, _uart.Read(Msr));
    }

    /// <summary>A stream in each direction against two queues, with whatever register traffic a guest may add.</summary>
    [Fact]
    public void Streams_keep_their_order_under_any_mix_of_accesses() =>
        Gen.Select(Gen.Int[0, 3], Gen.Byte).Array[0, 400].Sample(script =>
        {
            Uart16550 uart = default;
            uart.Initialize();
            uart.Write(Fcr, 0x01);
            Queue<byte> output = new();
            Queue<byte> input = new();
            foreach ((int action, byte value) in script)
            {
                switch (action)
                {
                    case 0 when (uart.Read(Lsr) & 0x20) != 0:
                        uart.Write(Rbr, value);
                        output.Enqueue(value);
                        break;

                    case 1 when uart.TryReceive(value):
                        input.Enqueue(value);
                        break;

                    case 2 when (uart.Read(Lsr) & 1) != 0:
                        Assert.Equal(input.Dequeue(), uart.Read(Rbr));
                        break;

                    case 3:
                        uart.Write(value % 2 == 0 ? Ier : Scr, value);
                        Assert.Equal(output.Count != 0, uart.HasOutput);
                        if (uart.TryTakeOutput(out byte sent))
                        {
                            Assert.Equal(output.Dequeue(), sent);
                        }

                        break;

                    default:
                        break;
                }
            }

            Assert.Equal(input.Count != 0, (uart.Read(Lsr) & 1) != 0);
        });
}
