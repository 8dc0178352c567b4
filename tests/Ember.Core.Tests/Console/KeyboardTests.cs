using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using CsCheck;
using Ember.Core.Console;
using Ember.Platform.Processors;
using Ember.Platform.Tests.Hosting;

namespace Ember.Core.Tests.Console;

/// <summary>The keyboard: scan codes to what a terminal sends, and a controller that may be absent, silent or full of rubbish.</summary>
public sealed class KeyboardTests
{

    [Theory]
    [InlineData("1E 9E 30 2E", "abc")]
    [InlineData("02 0B 0C 0D 29 2B 33 34 35 27 28 1A 1B", "10-=`\\,./;'[]")]
    [InlineData("2A 02 0B 0C 0D 29 2B 33 34 35 27 28 1A 1B AA", "!)_+~|<>?:\"{}")]
    [InlineData("39 1C 0F 0E 01", " \r\t\x7F\e")]
    [InlineData("2A 1E AA 1E 36 1E B6 1E", "AaAa")]
    [InlineData("2A 36 AA 1E B6 1E", "Aa")]
    [InlineData("3A BA 1E 02 2A 1E 02 AA 3A BA 1E", "A1a!a")]
    [InlineData("1D 2E 9D 2E", "\u0003c")]
    [InlineData("1D 1B 9D", "\x1D")]
    [InlineData("E0 1D 1B E0 9D 1B", "\x1D]")]
    [InlineData("1D 2B 1A 02 39 9D", "\x1C\e1 ")]
    [InlineData("E0 48 E0 C8 E0 50 E0 4B E0 4D", "\e[A\e[B\e[D\e[C")]
    [InlineData("E0 2A E0 48 E0 C8 E0 AA 1E", "\e[Aa")]
    [InlineData("E0 47 E0 4F E0 49 E0 51 E0 52 E0 53", "\e[H\e[F\e[5~\e[6~\e[2~\e[3~")]
    [InlineData("E0 1C E0 35 37 47 48 49 4A 4B 4C 4D 4E 4F 50 51 52 53", "\r/*789-456+1230.")]
    [InlineData("E1 1D 45 E1 9D C5 1E", "a")]
    [InlineData("3B 44 57 58 38 B8 E0 5B FA FE 00 FF 46 54 7F 1E", "a")]
    public void Scan_codes_become_what_a_terminal_sends(string codes, string typed)
    {
        Controller controller = new();
        Keyboard keyboard = Initialized(controller);
        controller.Press(codes);
        Assert.Equal(typed, ReadAll(ref keyboard));
    }

    [Fact]
    public void The_controller_translates_interrupts_and_leaves_the_mouse_alone()
    {
        Controller controller = new() { Configuration = 0x32 };
        controller.Press("1E 30");
        Keyboard keyboard = Initialized(controller);
        Assert.Equal(0x61, controller.Configuration);
        Assert.Equal([0xF0, 0x02, 0xF4], controller.Told);
        Assert.Equal("", ReadAll(ref keyboard));
    }

    [Fact]
    public void What_the_mouse_sends_types_nothing()
    {
        Controller controller = new();
        Keyboard keyboard = Initialized(controller);
        controller.FromMouse = true;
        controller.Press("1E");
        Assert.Equal("", ReadAll(ref keyboard));
        controller.FromMouse = false;
        controller.Press("30");
        Assert.Equal("b", ReadAll(ref keyboard));
    }

    [Fact]
    public void Without_a_controller_nothing_is_typed_after_one_look()
    {
        Absent absent = new();
        Cpu.Hardware = absent;
        Keyboard keyboard = default;
        keyboard.Initialize();
        Assert.Equal(1, absent.Reads);
        Assert.Equal("", ReadAll(ref keyboard));
        Assert.Equal(1, absent.Reads);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void A_controller_or_a_keyboard_that_does_not_answer_is_given_up_in_time(bool takesNothing, bool answersNothing)
    {
        Controller controller = new() { TakesNothing = takesNothing, AnswersNothing = answersNothing };
        Keyboard keyboard = Initialized(controller);
        Assert.InRange(controller.Reads, 1, 200_000);
        Assert.Equal("", ReadAll(ref keyboard));
    }

    [Fact]
    public void Rubbish_without_end_does_not_keep_the_processor()
    {
        Controller controller = new();
        Keyboard keyboard = Initialized(controller);
        controller.Press(string.Join(' ', Enumerable.Repeat("FF", 1000)));
        Assert.False(keyboard.TryRead(out _));
        Assert.Equal(1000 - 32, controller.Waiting);
    }

    [Fact]
    public void Any_codes_type_bytes_and_the_menus_key_works_afterwards()
    {
        Gen.Byte.Array[0, 100].Sample(codes =>
        {
            ScanCodes decoder = default;
            foreach (byte code in codes)
            {
                uint typed = decoder.Take(code);
                Assert.True(typed < 0x7F00_0000);
            }

            // Two codes for a pause that was left in the middle, one for a prefix.
            foreach (byte released in new byte[] { 0xAA, 0xAA, 0xAA, 0xB6, 0xAA })
            {
                decoder.Take(released);
            }

            decoder.Take(0x1D);
            Assert.Equal(0x1Du, decoder.Take(0x1B));
        });
    }

    private static Keyboard Initialized(Controller controller)
    {
        Cpu.Hardware = controller;
        Keyboard keyboard = default;
        keyboard.Initialize();
        return keyboard;
    }

    private static string ReadAll(ref Keyboard keyboard)
    {
        StringBuilder typed = new();
        while (keyboard.TryRead(out byte value))
        {
            typed.Append((char)value);
        }

        return typed.ToString();
    }

    private sealed class Absent : RefusingHardware
    {
        public int Reads { get; private set; }

        public override uint ReadPort(ushort port, int size)
        {
            Reads++;
            return 0xFF;
        }
    }

    /// <summary>An 8042 with a keyboard that acknowledges what it is told.</summary>
    private sealed class Controller : RefusingHardware
    {
        private readonly Queue<byte> _output = new();
        private byte _command;

        public byte Configuration { get; set; }

        public List<int> Told { get; } = [];

        public bool FromMouse { get; set; }

        public bool TakesNothing { get; init; }

        public bool AnswersNothing { get; init; }

        public int Reads { get; private set; }

        public int Waiting => _output.Count;

        public void Press(string codes)
        {
            foreach (string code in codes.Split(' '))
            {
                _output.Enqueue(Convert.ToByte(code, 16));
            }
        }

        public override uint ReadPort(ushort port, int size)
        {
            Reads++;
            return port switch
            {
                0x64 => (_output.Count != 0 ? 1u : 0) | (TakesNothing ? 2u : 0) | (FromMouse ? 0x20u : 0),
                0x60 => _output.Dequeue(),
                _ => base.ReadPort(port, size),
            };
        }

        public override void WritePort(ushort port, int size, uint value)
        {
            if (port == 0x64)
            {
                _command = (byte)value;
                if (value == 0x20 && !AnswersNothing)
                {
                    _output.Enqueue(Configuration);
                }
            }
            else if (port != 0x60)
            {
                base.WritePort(port, size, value);
            }
            else if (_command == 0x60)
            {
                Configuration = (byte)value;
                _command = 0;
            }
            else
            {
                Told.Add((int)value);
                _output.Enqueue(0xFA);
            }
        }
    }
}
