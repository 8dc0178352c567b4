using System;
using System.IO;
using System.Threading.Tasks;
using Ember.Guests;
using Ember.Sdk;
using Ember.Sdk.Compilation;
using Ember.Sdk.Validation;

namespace Ember.Boot.Tests;

/// <summary>A vendor's code for its board is compiled into the core, runs there, and is held against the core's rules.</summary>
public sealed class BoardSupportTests(ApplianceFixture fixture) : IClassFixture<ApplianceFixture>
{
    /// <summary>Longer than the example's watchdog waits.</summary>
    private const int GuestMilliseconds = 15_000;

    [Fact]
    public Task The_board_is_named_and_its_watchdog_petted_for_as_long_as_the_core_runs() => BootAsync("board", board => board, async run =>
    {
        await run.ExpectEndAsync(MachineEnd.PoweredOff);
        Assert.True(run.Said(line => line == "ember: board: QEMU Standard PC (Q35 + ICH9, 2009)"), run.Machine.Serial.Text);
        Assert.True(run.Said(line => line == "ember: board: watchdog armed, 10 s"), run.Machine.Serial.Text);
        Assert.True(run.Said(line => line == "ember: powering off"), run.Machine.Serial.Text);
    });

    [Fact]
    [Trait("Category", "Slow")]
    public Task Without_its_tick_the_watchdog_resets_the_machine() => BootAsync(
        "board-without-tick",
        board => Replace(board, "TickInterval => 1_000_000_000", "TickInterval => 0"),
        async run =>
        {
            await run.ExpectEndAsync(MachineEnd.Reset);
            Assert.True(run.Said(CoreLines.IsRunning), run.Machine.Serial.Text);
            Assert.False(run.Said(CoreLines.IsPoweredOff), run.Machine.Serial.Text);
        });

    [Fact]
    [Trait("Category", "Slow")]
    public async Task A_board_may_have_the_console_on_COM2()
    {
        BuildResult built = await BuildAsync("board-com2", board => Replace(board, "=> SerialPort.Com1", "=> SerialPort.Com2"));
        MachineOptions options = new(built.Folder.Image) { UsesSecondSerialPort = true };
        await BootRun.InAsync(fixture.Repository, options, "board-com2", async run =>
        {
            await run.ExpectAsync("ember: Ember ");
            await run.ExpectAsync("ember: 1 of 1 virtual machine runs");
            await Assert.IsType<QemuMachine>(run.Machine).SendAsync(new byte[] { 0x1D });
            await run.ExpectAsync("ember> * 1 guest ");
            Assert.False(run.Said(line => line.StartsWith("ember: Ember loader", StringComparison.Ordinal)));
        });
    }

    [Fact]
    [Trait("Category", "Slow")]
    public async Task A_board_that_refuses_the_server_keeps_the_core_from_running() => await BootAsync(
        "board-refused",
        board => Replace(board, "return true;", "return _hasWatchdog && maker.Length == 5;"),
        async run =>
        {
            await run.ExpectAsync("ember: stopped: read the lines above");
            Assert.False(run.Said(line => line.Contains("[2/4]", StringComparison.Ordinal)), run.Machine.Serial.Text);
        });

    [Fact]
    [Trait("Category", "Slow")]
    public async Task A_loop_without_a_bound_in_the_tick_is_refused_by_the_audit()
    {
        EmberException e = await Assert.ThrowsAsync<EmberException>(() => BuildAsync(
            "board-endless",
            board => Replace(board, "public static void Tick(ulong now)\n    {", "public static void Tick(ulong now)\n    {\n"
                + "        while (Cpu.In8(WatchdogOff) == 0xFF)\n        {\n            Cpu.Pause();\n        }\n")));
        Assert.Equal(ErrorKind.Checked, e.Kind);
        Assert.Contains("rule 8", e.Message, StringComparison.Ordinal);
        Assert.Contains("Ember.Core.Boards.Board.Tick", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Category", "Slow")]
    public async Task An_error_in_the_boards_code_is_told_with_its_line()
    {
        EmberException e = await Assert.ThrowsAsync<EmberException>(
            () => BuildAsync("board-wrong", board => Replace(board, "WatchdogOn, TenSeconds", "WatchdogOn, NoSeconds")));
        Assert.Equal(ErrorKind.Input, e.Kind);
        Assert.Matches(@"Board\.cs\(\d+,\d+\): error CS0103: The name 'NoSeconds'", e.Message);
    }

    private async Task BootAsync(string name, Func<string, string> edit, Func<BootRun, Task> test)
    {
        BuildResult built = await BuildAsync(name, edit);
        await BootRun.InAsync(fixture.Repository, new MachineOptions(built.Folder.Image) { Watchdog = true }, name, test);
    }

    /// <summary>Builds an appliance with the example's board, edited.</summary>
    private Task<BuildResult> BuildAsync(string name, Func<string, string> edit)
    {
        string example = Path.Combine(fixture.Repository.Root, "images", "board-support", "board", "Board.cs");
        string folder = Path.Combine(fixture.Folder, name + "-source");
        Directory.CreateDirectory(Path.Combine(folder, "board"));
        GuestAppliance.Write(
            folder, new GuestMachine("guest", QuitGuest.Build(QuitKind.PowerOff, GuestMilliseconds)) { Boot = "pvh" });
        File.AppendAllText(Path.Combine(folder, ApplianceBuild.ManifestFile), "\n[board]\nsources = \"board\"\n");
        File.WriteAllText(Path.Combine(folder, "board", "Board.cs"), edit(File.ReadAllText(example)));
        return fixture.BuildAsync(folder, name);
    }

    private static string Replace(string text, string what, string with)
    {
        Assert.Contains(what, text, StringComparison.Ordinal);
        return text.Replace(what, with, StringComparison.Ordinal);
    }
}
