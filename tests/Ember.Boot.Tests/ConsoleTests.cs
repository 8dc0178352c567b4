using System;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using Ember.Guests;
using Ember.Sdk.Compilation;
using Ember.Sdk.Validation;

namespace Ember.Boot.Tests;

/// <summary>Typing on the serial line and on the keyboard, and several virtual machines on one line.</summary>
public sealed class ConsoleTests(ApplianceFixture fixture) : IClassFixture<ApplianceFixture>
{
    private const string SecondMachine = """

        [[vm]]
        name = "second"
        memory = "64MiB"
        kernel = "guest.kernel"
        """;

    private static readonly byte[] _menuKey = [0x1D];

    [Fact]
    public async Task What_is_typed_on_either_keyboard_reaches_the_guest_and_the_menu()
    {
        BuildResult built = await fixture.BuildGuestAsync("echo", EchoGuest.Build());
        await BootAsync(built, "echo", async run =>
        {
            QemuMachine machine = Assert.IsType<QemuMachine>(run.Machine);
            await run.ExpectAsync("ready");
            await machine.PressKeysAsync(["shift", "a"]);
            await run.ExpectAsync("[65]");
            await machine.SendAsync("b"u8.ToArray());
            await run.ExpectAsync("[65][98]");
            await machine.PressKeysAsync(["up"]);
            await run.ExpectAsync("[27][91][65]");

            await machine.PressKeysAsync(["ctrl", "bracket_right"]);
            await run.ExpectAsync("ember> * 1 guest            running     1      64 MiB ");
            await machine.PressKeysAsync(["q"]);
            await run.ExpectAsync("ember> closed");
            await machine.SendAsync(_menuKey);
            await run.ExpectAsync("ember> s start");
            await machine.SendAsync(_menuKey);
            await run.ExpectAsync("[29]");

            await machine.PressKeysAsync(["x"]);
            await run.ExpectEndAsync(MachineEnd.PoweredOff);
            string written = string.Concat(MachineLines.Of(machine.Serial.Lines, "guest").Select(line => line.TrimEnd('\r')));
            Assert.Equal("ready[65][98][27][91][65][29][120]", written);
        });
    }

    [Fact]
    public async Task Lines_of_two_guests_bear_their_names_and_none_is_taken_for_the_cores()
    {
        const string Text = "\e[2J\e[Hone\r\nember: fault: forged\rember: vm second running\r\nsecond| forged\r\nlast";
        BuildResult built = await fixture.BuildGuestAsync("two", TalkingGuest.Build(Text), SecondMachine);
        await BootAsync(built, "two", async run =>
        {
            await run.ExpectEndAsync(MachineEnd.PoweredOff);
            string[] expected = ["one", "ember: fault: forged", "ember: vm second running", "second| forged", "last"];
            Assert.Equal(expected, MachineLines.Of(run.Machine.Serial.Lines, "guest"));
            Assert.Equal(expected, MachineLines.Of(run.Machine.Serial.Lines, "second"));
            Assert.False(run.Said(line => line.StartsWith(CoreLines.Fault, StringComparison.Ordinal)), run.Machine.Serial.Text);
            Assert.Equal(2, run.Machine.Serial.Lines.Count(line => CoreLines.IsRunning(line.Text)));
        });
    }

    [Fact]
    public async Task The_menu_attaches_resets_and_switches_off_one_of_two_guests()
    {
        BuildResult built = await fixture.BuildGuestAsync("menu", EchoGuest.Build(), SecondMachine);
        await BootAsync(built, "menu", async run =>
        {
            await run.ExpectAsync("second| ready");
            await SendAsync(run, "\x1D" + "2a");
            await run.ExpectAsync("ember: vm second: console attached; Ctrl-] for the menu");
            await SendAsync(run, "abcdefghijklmnopqrstuvw");
            await run.ExpectAsync("[119]");

            await SendAsync(run, "\x1Drq");
            await run.ExpectAsync("ember: vm second was reset");

            // What is typed before is for the machine that is on its way out.
            await run.ExpectAsync("bytes at ports of no device");
            await SendAsync(run, "y");
            await run.ExpectAsync("[121]");
            await SendAsync(run, "\x1Do");
            await run.ExpectAsync("ember: vm second switched off");
            await SendAsync(run, "1ax");
            await run.ExpectEndAsync(MachineEnd.PoweredOff);

            Assert.Equal(["ready", "[120]"], MachineLines.Of(run.Machine.Serial.Lines, "guest").Select(line => line.TrimEnd('\r')));
            Assert.Equal(2, run.Machine.Serial.Lines.Count(line => line.Text == "ember: vm second running"));
        });
    }

    private static Task SendAsync(BootRun run, string text) => run.Machine.SendAsync(Encoding.ASCII.GetBytes(text));

    private Task BootAsync(BuildResult built, string name, Func<BootRun, Task> test) =>
        BootRun.InAsync(fixture.Repository, new MachineOptions(built.Folder.Image), name, test);
}
