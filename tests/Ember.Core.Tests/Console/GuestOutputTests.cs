using System;
using System.Linq;
using System.Text;
using System.Threading;
using CsCheck;
using Ember.Core.Console;
using Ember.Core.Tests.Hosting;
using Ember.Platform.Processors;

namespace Ember.Core.Tests.Console;

/// <summary>Several guests on one line: who wrote what can be told, and nobody can write in another's name.</summary>
[Collection(SystemConsoleCollection.Name)]
public sealed class GuestOutputTests
{
    private const string Attach = "\x1D\r";

    [Fact]
    public void One_guest_alone_has_the_line_for_itself()
    {
        using ConsoleBench bench = new("linux");
        bench.Write(0, "login: \e[1mroot\e[0m\r\n\0\x07\xFF");
        Assert.Equal("login: \e[1mroot\e[0m\r\n\0\x07\xFF", bench.Serial);
    }

    [Fact]
    public void Of_several_each_line_comes_whole_behind_its_name()
    {
        using ConsoleBench bench = new("web", "db");
        bench.Write(0, "one").Write(1, "uno\r\n").Write(0, " two\r\n").Write(1, "\r\n").Write(0, "three\n");
        Assert.Equal("db| uno\r\nweb| one two\r\ndb| \r\nweb| three\r\n", bench.Serial);
    }

    [Fact]
    public void A_line_left_unfinished_goes_out_after_a_while_and_is_continued()
    {
        using ConsoleBench bench = new("web", "db");
        bench.Write(0, "login: ").Poll();
        Assert.Equal("", bench.Serial);
        bench.Wait(0.6).Write(0, "root\r\n").Write(0, "next\r\n");
        Assert.Equal("web| login: \r\nweb|+root\r\nweb| next\r\n", bench.Serial);
    }

    [Fact]
    public void A_line_that_grows_is_not_cut()
    {
        using ConsoleBench bench = new("web", "db");
        foreach (char character in "slowly")
        {
            bench.Write(0, character.ToString()).Wait(0.2);
        }

        bench.Write(0, "\n");
        Assert.Equal("web| slowly\r\n", bench.Serial);
    }

    [Fact]
    public void A_line_longer_than_its_room_is_continued()
    {
        using ConsoleBench bench = new("web", "db");
        string text = string.Concat(Enumerable.Range(0, 200).Select(i => $"{i:000}."));
        bench.Write(0, text + "\n");
        string[] lines = bench.Serial.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["web| ", "web|+", "web|+", "web|+"], lines.Select(line => line[..5]));
        Assert.Equal(text, string.Concat(lines.Select(line => line[5..])));
    }

    [Theory]
    [InlineData("10%\r20%\r\n", "web| 10%\r\nweb| 20%\r\n")]
    [InlineData("text\r\r\n\r\n", "web| text\r\nweb| \r\n")]
    [InlineData("\e[2J\e[5;5Ha\e]0;title\x07" + "b\b\x7F\v\fc\td\n", "web| abc\td\r\n")]
    [InlineData("\e[31", "")]
    [InlineData("Gr\xC3\xBC\xC3\x9F\x65 \xE2\x82\xAC \xF0\x9F\x98\x80\n", "web| Gr\xC3\xBC\xC3\x9F\x65 \xE2\x82\xAC \xF0\x9F\x98\x80\r\n")]
    [InlineData("a\x9Bz\xC2\x9Bz\xC0\x9Bz\xE0\x82\x9Bz\xF0\x80\x82\x9Bz\xC3\xFF\x80z\n", "web| azzzzzz\r\n")]
    [InlineData("a\xE2\x80\xA8z\xC2\x85z\n", "web| a\xE2\x80zz\r\n")]
    [InlineData("\xC3\x85" + "ember:  x\n", "web| \xC3\x85" + "ember:x\r\n")]
    [InlineData("\xC3\x85" + "db| x ember: x\n", "web| \xC3\x85" + "db|x ember: x\r\n")]
    public void What_an_unattached_guest_writes_can_only_be_read(string written, string shown)
    {
        using ConsoleBench bench = new("web", "db");
        bench.Write(0, written);
        Assert.Equal(shown, bench.Serial);
    }

    [Fact]
    public void A_line_of_the_core_and_one_of_another_guest_begin_a_new_line_and_cancel_a_sequence()
    {
        using ConsoleBench bench = new("web", "db");
        bench.Type(Attach).TakeSerial();
        bench.Write(0, "in the mid");
        SystemConsole.WriteLine("vm db powered off"u8);
        bench.Write(0, "dle\e[1");
        bench.Write(1, "bye\n").Write(0, ";1Hx\e]title\n");
        Assert.Equal("in the mid\r\nember: vm db powered off\r\ndle\e[1\x18\r\ndb| bye\r\n;1Hx\e]title\x18\n", bench.TakeSerial());
    }

    [Theory]
    [InlineData("ember: x\n", "ember:\r\nlinux| ember: x\n")]
    [InlineData("text\nember: x\n", "text\nember:\r\nlinux| ember: x\n")]
    [InlineData("text\rember: x\n", "text\rember:\r\nlinux| ember: x\n")]
    [InlineData("x\bember: x\n", "x\bember:\r\nlinux| ember: x\n")]
    [InlineData("\0ember: x\n", "\0ember:\r\nlinux| ember: x\n")]
    [InlineData("em\0\x7F\x80" + "ber: x\n", "em\0\x7F\x80" + "ber:\r\nlinux| ember: x\n")]
    [InlineData("\e[0m\e(Bem\e[1;2mber: x\n", "\e[0m\e(Bem\e[1;2mber:\r\nlinux| ember: x\n")]
    [InlineData("x\e[Hember: x\n", "x\e[Hember:\r\nlinux| ember: x\n")]
    [InlineData("\e]ember: x\n", "\e]ember:\r\nlinux| ember: x\n")]
    [InlineData("I remember: x\n", "I remember: x\n")]
    [InlineData("eember: x\n", "eember: x\n")]
    [InlineData("ember:x ember: x\n", "ember:x ember: x\n")]
    [InlineData("Ember: db| db|+\n", "Ember: db| db|+\n")]
    [InlineData("db| x\n", "db| x\n")]
    public void The_only_guest_cannot_begin_a_line_as_the_core_does(string written, string shown)
    {
        using ConsoleBench bench = new("linux");
        bench.Write(0, written);
        Assert.Equal(shown, bench.Serial);
    }

    [Theory]
    [InlineData("db| x\n", "db|\r\nweb|  x\n")]
    [InlineData("x\rdb|+x\n", "x\rdb|\r\nweb| +x\n")]
    [InlineData("d\e[1mb| x\n", "d\e[1mb|\r\nweb|  x\n")]
    [InlineData("a b| c | d\n", "a b| c | d\n")]
    [InlineData("| a | b |\n", "| a | b |\n")]
    [InlineData("ls|wc\n", "ls|wc\n")]
    public void The_attached_of_several_cannot_begin_a_line_as_another_does(string written, string shown)
    {
        using ConsoleBench bench = new("web", "db");
        bench.Type(Attach).TakeSerial();
        bench.Write(0, written);
        Assert.Equal(shown, bench.TakeSerial());
    }

    [Fact]
    public void A_line_that_was_interrupted_cannot_be_ended_into_one_of_the_core()
    {
        using ConsoleBench bench = new("linux");
        bench.Write(0, "em");
        SystemConsole.WriteLine("x"u8);
        bench.Write(0, "ber: fault\nx\e[");
        SystemConsole.WriteLine("x"u8);
        bench.Write(0, "ember: fault\n");
        Assert.Equal("em\r\nember: x\r\nber: fault\nx\e[\x18\r\nember: x\r\nember:\r\nlinux| ember: fault\n", bench.Serial);
    }

    /// <summary>Whatever comes: a line that begins like the core's is the core's, for readers of several kinds.</summary>
    [Fact]
    public void No_bytes_of_guests_make_a_line_of_the_core()
    {
        Gen<string> piece = Gen.OneOf(
            OneOf(
                "ember: ", "em", "ber: ", "e", "m", "b", "r", ":", " ", "| ", "|+", "db", "web", "\n", "\r", "\r\n", "\b", "\t", "\0"),
            OneOf("\e", "\e[", "\e]", "\e(", "\eO", "\e[1m", "\e[H", "\e[2J", "\x07", "\e\\", "\x9B", "\xC2", "\xE2\x80\xA8", "x", "\x18"),
            Gen.String[Gen.Char['\0', '\xFF'], 1, 4]);
        Gen.Select(Gen.Int[0, 3], piece).Array[0, 60].Sample(
            steps =>
            {
                using ConsoleBench bench = new("web", "db");
                bench.Type(Attach).TakeSerial();
                foreach ((int who, string text) in steps)
                {
                    if (who == 3)
                    {
                        SystemConsole.WriteLine("core"u8);
                    }
                    else
                    {
                        bench.Write(who == 2 ? 1 : 0, text);
                    }
                }

                bench.EndLine(1);
                SystemConsole.WriteLine("core"u8);
                string log = bench.TakeSerial();
                int lines = steps.Count(step => step.Item1 == 3) + 1;
                foreach (string read in LogReader.Readings(log))
                {
                    string[] all = read.Split('\n');
                    Assert.Equal(lines, all.Count(line => line.StartsWith("ember: core", StringComparison.Ordinal)));
                    Assert.Equal(lines, all.Count(line => line.StartsWith("ember: ", StringComparison.Ordinal)));
                    Assert.True(
                        steps.Any(step => step.Item1 == 2)
                        || !all.Any(line => line.StartsWith("db| ", StringComparison.Ordinal)
                            || line.StartsWith("db|+", StringComparison.Ordinal)));
                }
            },
            iter: 2000,
            threads: 1);
    }

    [Fact]
    public void The_screen_shows_the_same_once_it_is_refreshed()
    {
        using ConsoleBench bench = new("web", "db");
        using ScreenMemory shown = new(640, 320, 640);
        using ScreenMemory expected = new(640, 320, 640);
        SystemConsole.OpenScreen(shown.Buffer);
        bench.Type(Attach);
        foreach (string line in bench.TakeSerial().Split("\r\n", StringSplitOptions.RemoveEmptyEntries))
        {
            expected.Screen.WriteLine(Encoding.ASCII.GetBytes(line));
        }

        bench.Write(0, "\e[31mred").Write(1, "\e[32mplain\tGr\xC3\xBCn\n").Write(0, " and red\r\nember: x");
        expected.Screen.Write("\e[31mred"u8);
        expected.Screen.WriteLine("db| "u8, "plain\tGrün"u8);
        expected.Screen.Write(" and red\r\nember:\r\nweb| ember: x"u8);
        expected.Screen.Flush(int.MaxValue);
        Assert.NotEqual(expected.Pixels(), shown.Pixels());
        bench.Wait(0.2);
        Assert.Equal(expected.Pixels(), shown.Pixels());
    }

    [Fact]
    public void What_a_crashed_processor_left_locked_stops_no_dump()
    {
        using ConsoleBench bench = new("web", "db");
        SystemConsole.BreakLock();
        SystemConsole.WriteLine("fault"u8);
        SystemConsole.WriteRawLine("dump"u8);
        Assert.Equal("ember: fault\r\ndump\r\n", bench.Serial);
    }

    [Fact]
    public void Lines_that_several_processors_write_at_once_stay_whole()
    {
        using ConsoleBench bench = new("web", "db", "app");
        IHardware hardware = bench.Hardware;
        Thread[] processors = [.. Enumerable.Range(0, 3).Select(guest => new Thread(() =>
        {
            Cpu.Hardware = hardware;
            for (int i = 0; i < 200; i++)
            {
                bench.Write(guest, $"{guest}: line {i}\r\n");
                SystemConsole.WriteLine(Encoding.ASCII.GetBytes($"{guest} core {i}"));
            }
        }))];
        Array.ForEach(processors, processor => processor.Start());
        Array.ForEach(processors, processor => processor.Join());
        string[] lines = bench.Serial.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        string[] names = ["web", "db", "app"];
        Assert.Equal(1200, lines.Length);
        Assert.All(Enumerable.Range(0, 3), guest =>
        {
            Assert.Equal(
                Enumerable.Range(0, 200).Select(i => $"{names[guest]}| {guest}: line {i}"),
                lines.Where(line => line.StartsWith(names[guest], StringComparison.Ordinal)));
            Assert.Equal(
                Enumerable.Range(0, 200).Select(i => $"ember: {guest} core {i}"),
                lines.Where(line => line.StartsWith($"ember: {guest}", StringComparison.Ordinal)));
        });
    }

    private static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(i => texts[i]);
}
