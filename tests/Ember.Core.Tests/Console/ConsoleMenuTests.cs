using System;
using System.Linq;
using CsCheck;
using Ember.Core.Console;
using Ember.Core.Tests.Hosting;

namespace Ember.Core.Tests.Console;

/// <summary>The menu behind Ctrl-], and who gets what is typed.</summary>
[Collection(SystemConsoleCollection.Name)]
public sealed class ConsoleMenuTests
{
    private const string Key = "\x1D";
    private const string Up = "\e[A";
    private const string Down = "\e[B";

    private static readonly string _help =
        "ember> number, arrows: select  a attach  d detach  r reset  p power button  o power off\r\n"
        + "ember> s start  l list again  q, Esc: close  Ctrl-]: to the guest\r\n";

    [Fact]
    public void What_is_typed_goes_to_the_only_guest_and_wakes_it()
    {
        using ConsoleBench bench = new("linux");
        bench.Type("ls\r\e[A\x03");
        Assert.Equal("ls\r\e[A\x03", bench.TakeInput(0));
        Assert.Equal(7, bench.Directory.Orders.Count(order => order == "input linux"));
        Assert.Equal("", bench.Serial);
    }

    [Fact]
    public void The_list_tells_of_every_machine_and_of_its_use_since_the_last_list()
    {
        FakeDirectory.Machine web = new("web") { Processors = 4, Nanoseconds = 250_000_000 };
        FakeDirectory.Machine db = new("a-name-of-thirty-one-characters") { State = MachineState.PoweredOff, MemoryBytes = 3UL << 30 };
        using ConsoleBench bench = new(web, db);
        bench.Type(Key);
        Assert.Equal(
            "ember>   # name             state       vCPUs  memory     CPU %  CPU time\r\n"
            + "ember> * 1 web              running     4      512 MiB    25.0   0.250 s\r\n"
            + "ember>   2 a-name-of-thirty-one-characters powered off 1 3 GiB 0.0 0.000 s\r\n"
            + _help,
            bench.TakeSerial());
        web.Nanoseconds += 3_005_000_000;
        bench.Wait(1).Type("l");
        Assert.Contains(
            "* 1 web              running     4      512 MiB    300.5  3.255 s\r\n", bench.TakeSerial(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(MachineState.NotStarted, "not started")]
    [InlineData(MachineState.Stopped, "stopped")]
    [InlineData(MachineState.Restarting, "restarting")]
    public void A_state_is_told_in_words(MachineState state, string words)
    {
        using ConsoleBench bench = new(new FakeDirectory.Machine("web") { State = state });
        bench.Type(Key);
        Assert.Contains($"* 1 web              {words,-12}1 ", bench.Serial, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("r", "reset web")]
    [InlineData("p", "power button web")]
    [InlineData("o", "power off web")]
    [InlineData("s", "start web")]
    [InlineData("2r", "reset db")]
    [InlineData(Down + "p", "power button db")]
    [InlineData("\eOB" + "p", "power button db")]
    [InlineData(Down + Down + Down + Up + "o", "power off db")]
    [InlineData("3" + Up + Up + Up + "s", "start web")]
    [InlineData("9r", "reset web")]
    [InlineData("0r", "reset web")]
    [InlineData("R\e[5~\e[2Cxyz\0\xFF", "")]
    public void A_key_gives_the_selected_machine_its_order(string typed, string order)
    {
        using ConsoleBench bench = new("web", "db", "app");
        bench.Type(Key + typed);
        Assert.Equal(order, string.Join(';', bench.Directory.Orders));
    }

    [Theory]
    [InlineData("r", true, "ember> web: reset\r\n")]
    [InlineData("s", false, "ember> web: start: not possible now\r\n")]
    public void The_menu_says_what_was_ordered_and_stays(string key, bool obeys, string line)
    {
        using ConsoleBench bench = new(new FakeDirectory.Machine("web") { Obeys = obeys });
        bench.Type(Key).TakeSerial();
        bench.Type(key);
        Assert.Equal(line, bench.TakeSerial());
        bench.Type("qx");
        Assert.Equal("ember> closed\r\n", bench.TakeSerial());
        Assert.Equal("x", bench.TakeInput(0));
    }

    [Fact]
    public void Digits_make_one_number_as_long_as_there_is_such_a_machine()
    {
        using ConsoleBench bench = new([.. Enumerable.Range(1, 64).Select(i => $"vm{i}")]);
        bench.Type(Key);
        Assert.Equal(64, bench.TakeSerial().Split('\n').Count(line => line.Contains(" running ", StringComparison.Ordinal)));
        bench.Type("64r").Type("65r").Type("7x4r").Type("643r");
        Assert.Equal(["reset vm64", "reset vm5", "reset vm4", "reset vm3"], bench.Directory.Orders);
        Assert.Contains("ember> *64 vm64             running\r\n", bench.TakeSerial(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_attached_guest_gets_the_line_and_what_is_typed()
    {
        using ConsoleBench bench = new("web", "db");
        bench.Type("\r");
        Assert.Equal("ember> nobody is attached; Ctrl-] for the menu\r\n", bench.TakeSerial());
        bench.Write(1, "db# ").Type(Key + "2").TakeSerial();
        bench.Type("a");
        Assert.Equal(
            "ember> closed\r\nember: vm db: console attached; Ctrl-] for the menu\r\ndb| db# \r\n", bench.TakeSerial());
        bench.Type("\x03");
        bench.Write(1, "^C\r\n\e[1mdb# ").Write(0, "hello\r\n");
        Assert.Equal("^C\r\n\e[1mdb# \r\nweb| hello\r\n", bench.TakeSerial());
        Assert.Equal(("", "\x03"), (bench.TakeInput(0), bench.TakeInput(1)));
        bench.Type(Key).TakeSerial();
        bench.Type("1\r").Write(1, "later\n").Write(0, "now\n");
        Assert.EndsWith(
            "ember> closed\r\nember: vm db: console detached\r\nember: vm web: console attached; Ctrl-] for the menu\r\ndb| later\r\nnow\n",
            bench.TakeSerial(),
            StringComparison.Ordinal);
        bench.Type(Key + "d").TakeSerial();
        bench.Type("typed for nobody").Write(0, "collected\n");
        Assert.Equal(("", ""), (bench.TakeInput(0), bench.TakeInput(1)));
        Assert.Equal("web| collected\r\n", bench.TakeSerial());
    }

    [Fact]
    public void While_the_menu_is_open_the_attached_guest_is_shown_in_whole_lines()
    {
        using ConsoleBench bench = new("linux");
        bench.Write(0, "login: ").Type(Key).TakeSerial();
        bench.Write(0, "\e[Hdmesg\r\npar");
        Assert.Equal("linux| dmesg\r\n", bench.TakeSerial());
        bench.Type("q").Write(0, "tial\r\n");
        Assert.Equal("ember> closed\r\nlinux| par\r\ntial\r\n", bench.TakeSerial());
    }

    [Fact]
    public void The_key_twice_is_for_the_guest()
    {
        using ConsoleBench bench = new("linux");
        bench.Type(Key + Key + "x");
        Assert.Equal(Key + "x", bench.TakeInput(0));
        using ConsoleBench none = new("web", "db");
        none.Type(Key + Key + "x");
        Assert.Equal(("", ""), (none.TakeInput(0), none.TakeInput(1)));
    }

    [Fact]
    public void Escape_alone_closes_and_an_arrow_in_pieces_does_not()
    {
        using ConsoleBench bench = new("web", "db");
        bench.Type(Key).TakeSerial();
        bench.Type("\e").Type("[").Type("B");
        Assert.Equal("ember> * 2 db               running\r\n", bench.TakeSerial());
        bench.Type("\e").Wait(0.2);
        Assert.Equal("ember> closed\r\n", bench.TakeSerial());
    }

    [Fact]
    public void Without_machines_the_menu_has_nothing_to_order()
    {
        using ConsoleBench bench = new(Array.Empty<string>());
        bench.Type(Key);
        Assert.Equal("ember>   # name             state       vCPUs  memory     CPU %  CPU time\r\n" + _help, bench.TakeSerial());
        bench.Type("1rpos" + Up + Down + "a\r");
        Assert.Equal("", bench.TakeSerial());
        Assert.Empty(bench.Directory.Orders);
        bench.Type(Key);
        Assert.Equal("ember> closed\r\n", bench.TakeSerial());
    }

    [Fact]
    public void More_than_a_guest_has_room_for_waits_in_the_port_and_the_menus_key_gets_through_after_a_second()
    {
        using ConsoleBench bench = new("linux");
        string typed = string.Concat(Enumerable.Range(0, 100).Select(i => $"{i:000},"));
        bench.Type(typed).Wait(0.8);
        Assert.Equal(144, bench.Hardware.Input.Count);
        Assert.Equal(typed[..256], bench.TakeInput(0));
        bench.Wait(0.6);
        Assert.Equal(typed[256..], bench.TakeInput(0));

        bench.Type(typed + Key).Wait(3);
        Assert.Contains("ember> * 1 linux", bench.Serial, StringComparison.Ordinal);
        Assert.Equal(typed[..256], bench.TakeInput(0));
    }

    [Fact]
    public void A_port_that_never_runs_out_of_bytes_does_not_keep_the_processor()
    {
        using ConsoleBench bench = new("linux");
        for (int i = 0; i < 1000; i++)
        {
            bench.Hardware.Input.Enqueue((byte)'x');
            bench.Hardware.KeyCodes.Enqueue(0x1E);
        }

        bench.Poll();
        Assert.Equal(936, bench.Hardware.Input.Count);
    }

    [Fact]
    public void Any_bytes_are_taken_and_the_key_and_q_lead_back_to_the_guest()
    {
        Gen<string> piece = Gen.OneOf(
            OneOf(Key, Up, Down, "\e", "\e[", "\eO", "1", "64", "a", "d", "l", "r", "p", "o", "s", "q", "\r", "\n"),
            Gen.String[Gen.Char['\0', '\xFF'], 0, 5]);
        Gen.Select(piece.Array[0, 40], Gen.Int[0, 64]).Sample(
            (pieces, count) =>
            {
                using ConsoleBench bench = new([.. Enumerable.Range(0, count).Select(i => $"vm{i}")]);
                foreach (string typed in pieces)
                {
                    bench.Type(typed);
                    if (count != 0)
                    {
                        bench.Write(typed.Length % count, typed);
                    }
                }

                bench.Wait(0.4);
                bench.Type("q" + Key).TakeSerial();
                bench.Type("q");
                Assert.Contains("ember> closed\r\n", bench.TakeSerial(), StringComparison.Ordinal);
            },
            iter: 300,
            threads: 1);
    }

    private static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(i => texts[i]);
}
