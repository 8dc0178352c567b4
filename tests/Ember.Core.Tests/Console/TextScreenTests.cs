using System;
using System.IO;
using System.Linq;
using System.Text;
using CsCheck;
using Ember.Platform.Console;

namespace Ember.Core.Tests.Console;

public sealed class TextScreenTests
{
    private const int Everything = int.MaxValue;

    [Theory]
    [InlineData("one\r\ntwo\r\n")]
    [InlineData("overwritten\rOVER")]
    [InlineData("back\b\bXY\b\b\b\b\b\b\b\bB")]
    [InlineData("a\tb\tc\td\te\tf")]
    [InlineData("exactly eighty pixels wraps only when more comes: 0123456789|next")]
    [InlineData("\e[31mred\e[0m plain \e[1;32mgreen\e[44m on blue\e[49;39m\e[mdone \e[93mbright")]
    [InlineData("\e[?25l\e[2;4H\e]0;title\nseen\e(Bseen\e=seen")]
    [InlineData("gone\e[2Jleft")]
    [InlineData("0123456789\r\e[Kx\n\e[K")]
    [InlineData("1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12")]
    public void Shows_what_a_naive_terminal_shows(string text)
    {
        using var memory = new ScreenMemory(163, 100, 170);
        var expected = new NaiveTerminal(20, 6);
        memory.Screen.Write(Encoding.ASCII.GetBytes(text));
        memory.Screen.Flush(Everything);
        expected.Write(text);

        AssertSame(expected, memory, 1);
    }

    [Fact]
    public void Shows_what_a_naive_terminal_shows_for_any_text()
    {
        Gen<string> piece = Gen.OneOf(
            Gen.String[Gen.Char[' ', '~'], 0, 30],
            OneOf("\n", "\r", "\b", "\t", "\r\n", "\e[31m", "\e[0m", "\e[44;36m", "\e[K", "\e[2J", "\e[?7h", "\e(B"));
        Gen.Select(piece.Array[0, 60], Gen.Int[1, 30], Gen.Int[2, 9], Gen.Int[1, 40], Gen.Bool).Sample(
            (pieces, columns, rows, budget, redFirst) =>
            {
                PixelFormat format = redFirst ? PixelFormat.RedGreenBlue : PixelFormat.BlueGreenRed;
                using var memory = new ScreenMemory((columns * 8) + 3, (rows * 16) + 5, (columns * 8) + 9, format);
                var expected = new NaiveTerminal(columns, rows);
                foreach (string text in pieces)
                {
                    memory.Screen.Write(Encoding.ASCII.GetBytes(text));
                    expected.Write(text);
                    memory.Screen.Flush(budget);
                }

                while (memory.Screen.NeedsFlush)
                {
                    memory.Screen.Flush(budget);
                }

                AssertSame(expected, memory, 1);
            },
            iter: 300);
    }

    [Fact]
    public void Nothing_outside_the_visible_pixels_is_written_whatever_comes()
    {
        Gen<byte[]> noise = Gen.OneOf(
            Gen.Byte.Array[0, 300],
            OneOf("\e[", "\e]", "\e[99999999C", "\e[255D", "\e[J", "\e[1J", "\e[;;;;;;;;;;;;7m", "\e[48;5;7m", "\n", "\t", "\b").Select(Encoding.ASCII.GetBytes));
        Gen.Select(noise.Array[1, 20], Gen.Int[1, 400], Gen.Int[1, 120], Gen.Int[0, 9], Gen.Int[0, 500]).Sample(
            (pieces, width, height, beside, budget) =>
            {
                using var memory = new ScreenMemory(width, height, width + beside);
                memory.Screen.SetHeader("Ember"u8);
                foreach (byte[] bytes in pieces)
                {
                    memory.Screen.Write(bytes);
                    memory.Screen.WriteLine(bytes);
                    memory.Screen.Flush(budget);
                }

                memory.Screen.Flush(Everything);
                return memory.IsIntact() && !memory.Screen.NeedsFlush;
            },
            iter: 500);
    }

    [Theory]
    [InlineData(1, 1, 0, 0)]
    [InlineData(7, 600, 0, 0)]
    [InlineData(800, 31, 0, 0)]
    [InlineData(8, 32, 1, 2)]
    [InlineData(1280, 800, 160, 50)]
    [InlineData(1920, 1080, 240, 67)]
    [InlineData(2559, 1600, 240, 100)]
    [InlineData(2560, 1600, 160, 50)]
    [InlineData(3840, 2160, 240, 67)]
    [InlineData(30_000, 256, 240, 2)]
    public void The_grid_fits_the_frame_buffer(int width, int height, int columns, int rows)
    {
        using var memory = new ScreenMemory(width, height, width);
        for (int i = 0; i < 300; i++)
        {
            memory.Screen.WriteLine("ember: a line that is longer than some of the screens here"u8);
        }

        memory.Screen.Flush(Everything);

        Assert.Equal((columns, rows), (memory.Screen.Columns, memory.Screen.Rows));
        Assert.True(memory.IsIntact());
    }

    [Fact]
    public void A_wide_screen_has_larger_letters()
    {
        using var memory = new ScreenMemory(2570, 200, 2570);
        var expected = new NaiveTerminal(160, 6);
        memory.Screen.Write("large"u8);
        memory.Screen.Flush(Everything);
        expected.Write("large");

        AssertSame(expected, memory, 2);
    }

    [Fact]
    public void The_cores_lines_stand_alone_in_their_own_colour_even_inside_a_guests_sequence()
    {
        using var memory = new ScreenMemory(320, 160, 320);
        var expected = new NaiveTerminal(40, 10);
        memory.Screen.Write("login: \e[3"u8);
        memory.Screen.WriteLine("ember: vm web running"u8);
        memory.Screen.Write("1mred"u8);
        memory.Screen.Flush(Everything);
        expected.Write("login: ");
        expected.WriteLine("ember: vm web running");
        expected.Write("\e[31mred");

        AssertSame(expected, memory, 1);
    }

    [Fact]
    public void A_guest_cannot_take_the_cores_colour()
    {
        using var core = new ScreenMemory(320, 160, 320);
        using var guest = new ScreenMemory(320, 160, 320);
        core.Screen.WriteLine("ember: vm web running"u8);
        guest.Screen.Write("\e[38;2;255;157;77;38;5;8member: vm web running\r\n"u8);
        core.Screen.Flush(Everything);
        guest.Screen.Flush(Everything);

        Assert.DoesNotContain(0xFF9D4Du, guest.Pixels());
        Assert.Contains(0xFF9D4Du, core.Pixels());
    }

    [Fact]
    public void The_bar_stays_while_lines_scroll()
    {
        using var memory = new ScreenMemory(320, 160, 320);
        memory.Screen.SetHeader("Ember 0.1"u8);
        memory.Screen.Flush(Everything);
        uint[] before = memory.Pixels()[..(320 * 16)];
        for (int i = 0; i < 50; i++)
        {
            memory.Screen.Write("line\r\n\e[2J\e[K"u8);
        }

        memory.Screen.Flush(Everything);

        Assert.Equal(2, before.Distinct().Count());
        Assert.Equal(before, memory.Pixels()[..(320 * 16)]);
    }

    [Fact]
    public void Flush_draws_no_more_cells_than_it_may_and_only_changed_ones()
    {
        using var memory = new ScreenMemory(320, 160, 320);
        memory.Screen.Write("0123456789"u8);
        memory.Screen.Flush(4);
        Assert.True(memory.Screen.NeedsFlush);
        Assert.Equal(4 * 8, LastLitColumn(memory));

        memory.Screen.Flush(6);
        Assert.Equal(10 * 8, LastLitColumn(memory));

        // The same text again is no work at all: a budget of nothing is enough to see that.
        memory.Screen.Write("\r0123456789"u8);
        memory.Screen.Flush(0);
        Assert.False(memory.Screen.NeedsFlush);
    }

    [Theory]
    [InlineData(100ul, 5u, 5u, 5u, true)]
    [InlineData(99ul, 5u, 5u, 5u, false)]
    [InlineData(1000ul, 6u, 5u, 5u, false)]
    [InlineData(ulong.MaxValue, 1u, 1u << 30, uint.MaxValue, true)]
    [InlineData(1ul << 40, 1u, uint.MaxValue, uint.MaxValue, false)]
    public unsafe void A_frame_buffer_that_does_not_fit_its_memory_is_refused(
        ulong size, uint width, uint height, uint stride, bool expected)
    {
        uint pixel = 0;

        Assert.Equal(expected, FrameBuffer.TryCreate(&pixel, size, width, height, stride, PixelFormat.BlueGreenRed, out _));
        Assert.False(FrameBuffer.TryCreate(&pixel, size, width, height, stride, (PixelFormat)2, out _));
        Assert.False(FrameBuffer.TryCreate(null, size, width, height, stride, PixelFormat.BlueGreenRed, out _));
    }

    [Fact]
    public void Every_letter_differs_from_every_other_and_leaves_room_beside_it()
    {
        string[] glyphs = [.. Enumerable.Range(0x20, 0x60).Select(c => string.Join(' ', Enumerable.Range(0, 16).Select(r => Font8x16.Row((byte)c, r))))];

        Assert.Equal(glyphs.Length, glyphs.Distinct().Count());
        Assert.All(Enumerable.Range(0x20, 0x60), c => Assert.All(Enumerable.Range(0, 16), r => Assert.Equal(0, Font8x16.Row((byte)c, r) & 1)));
    }

    [Fact]
    public void A_picture_for_people()
    {
        using var memory = new ScreenMemory(800, 400, 800);
        memory.Screen.SetHeader("Ember 0.1.0   bare-metal hypervisor"u8);
        memory.Screen.WriteLine("ember: 1 core 0.1.0 started by firmware EDK II, 2048 MiB"u8);
        memory.Screen.WriteLine("ember: 2 bank A 1.4.0 verified, vmlinuz 14.2 MB in 0.312 s"u8);
        memory.Screen.WriteLine("ember: 3 vm web running: 1 vcpu, 256 MiB"u8);
        memory.Screen.Write("[    0.000000] Linux version 6.1.0-32-cloud-amd64 (debian-kernel@lists.debian.org)\r\n"u8);
        memory.Screen.Write("[    0.004012] \e[32mACPI\e[0m: Core revision \e[1;33m20220331\e[m, \e[31merror\e[0m \e[34mblue\e[0m \e[35mpink\e[0m \e[36mcyan\e[0m\r\n"u8);
        memory.Screen.Write("The quick brown fox jumps over the lazy dog. 0123456789 O0 1lI| 5S 2Z 8B {}[]()<>\r\n"u8);
        memory.Screen.Write("SPHINX OF BLACK QUARTZ, JUDGE MY VOW! \"quoted\" 'single' `tick` ~/x_y #1 $5 50% a&b @*+-=^;:?\\/ ü\r\n"u8);
        for (byte c = 0x20; c < 0x7F; c++)
        {
            memory.Screen.Write(c);
        }

        memory.Screen.WriteLine("ember: fault: #PF page fault at Machine.Run+0x3c: address 0x0000000000000018, error 0x2 (write, not present)"u8);
        memory.Screen.WriteLine("  at SvmProcessor.Run+0x91"u8);
        memory.Screen.Flush(Everything);
        string path = Path.Combine(AppContext.BaseDirectory, "pictures", "screen.png");
        PngFile.Write(path, memory.Pixels(), 800);

        Assert.True(memory.IsIntact());
    }

    private static Gen<string> OneOf(params string[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    /// <summary>The right edge, in pixels, of the last cell that shows anything.</summary>
    private static int LastLitColumn(ScreenMemory memory)
    {
        uint[] pixels = memory.Pixels();
        return pixels.Select((pixel, i) => pixel == pixels[^1] ? 0 : ((i % memory.Width / 8) + 1) * 8).Max();
    }

    /// <summary>Compares all below the bar.</summary>
    private static void AssertSame(NaiveTerminal expected, ScreenMemory memory, int scale)
    {
        int bar = memory.Width * 16 * scale;
        Assert.True(expected.Pixels(memory.Width, memory.Height, scale).AsSpan(bar).SequenceEqual(memory.Pixels().AsSpan(bar)));
        Assert.True(memory.IsIntact());
    }
}
