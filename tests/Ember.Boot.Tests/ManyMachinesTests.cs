using System;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using Ember.Guests;
using Ember.Sdk.Compilation;
using Ember.Sdk.Footprint;
using Ember.Sdk.Validation;
using Xunit.Abstractions;

namespace Ember.Boot.Tests;

/// <summary>Many virtual machines on one appliance: their start, their end, and what is left of them.</summary>
public sealed class ManyMachinesTests(ApplianceFixture fixture, ITestOutputHelper output) : IClassFixture<ApplianceFixture>
{
    private const int Many = 32;
    private const int SmallestMiB = 16;
    private const string Menu = "\x1D";

    /// <summary>Time is counted in instructions, one a nanosecond.</summary>
    [Fact]
    [Trait("Category", "Slow")]
    public async Task Thirty_two_machines_are_up_in_twice_the_time_of_one()
    {
        double one = await StartAsync(1);
        double all = await StartAsync(Many);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"one {one:0.000} s, {Many} {all:0.000} s, ratio {all / one:0.00}"));
        Assert.InRange(all / one, 1, 2);
    }

    [Fact]
    public async Task A_machine_takes_less_than_1_MiB_of_the_host_beside_its_memory()
    {
        RunTimeMemory few = await HoldAsync(2);
        RunTimeMemory many = await HoldAsync(Many);
        long each = (many.Own - many.PageTables + many.PageTablesUsed - (few.Own - few.PageTables + few.PageTablesUsed)) / (Many - 2);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{each / 1024.0:0.0} KiB a machine"));
        Assert.InRange(each, 4096, 1 << 20);
        Assert.Equal((long)Many * SmallestMiB << 20, many.Guests);
    }

    [Fact]
    [Trait("Category", "Slow")]
    public async Task A_machine_started_and_stopped_a_thousand_times_gives_back_every_page()
    {
        const int Starts = 1000;
        RunTimeMemory once = null!;
        await BootAsync("start-once", options => options, Quit("once", QuitKind.PowerOff, ""), async run =>
        {
            await run.ExpectEndAsync(MachineEnd.PoweredOff);
            once = LastMemory(run);
        });

        GuestMachine[] often = Quit("often", QuitKind.Reset, "");
        await BootAsync("start-often", options => options with { CountsInstructions = true }, often, async run =>
        {
            await run.ExpectCountAsync("ember: vm often reset itself", Starts);
            await SendAsync(run, Menu + "o");
            await run.ExpectEndAsync(MachineEnd.PoweredOff);
            Assert.True(run.Machine.Serial.Lines.Count(line => line.Text == "ember: vm often running") >= Starts, run.Machine.Serial.Text);
            Assert.Equal(once, LastMemory(run));
            Assert.Equal(0, once.Guests);
        });
    }

    [Fact]
    public async Task A_machine_is_started_again_as_its_policy_says()
    {
        GuestMachine[] machines =
        [
            .. Quit("never", QuitKind.TripleFault, "restart = \"never\""),
            .. Quit("failed", QuitKind.TripleFault, "restart = \"on-failure\""),
            .. Quit("done", QuitKind.PowerOff, "restart = \"on-failure\""),
            .. Quit("always", QuitKind.PowerOff, "restart = \"always\""),
            .. Quit("later", QuitKind.PowerOff, "start = false"),
        ];
        await BootAsync("policies", options => options, machines, async run =>
        {
            await run.ExpectCountAsync("ember: vm failed: stopped: triple fault", 4);
            await run.ExpectCountAsync("ember: vm always powered off", 4);
            int Started(string name) => run.Machine.Serial.Lines.Count(line => line.Text == $"ember: vm {name} running");
            Assert.Equal((1, 1, 0), (Started("never"), Started("done"), Started("later")));
            Assert.True(run.Said(line => line.StartsWith("ember: 4 of 5 virtual machines run, ", StringComparison.Ordinal)));

            await SendAsync(run, Menu + "5s2o");
            await run.ExpectAsync("ember: vm later powered off");
            await SendAsync(run, "4oq");
            await run.ExpectEndAsync(MachineEnd.PoweredOff);
            Assert.Equal((1, 1, 1), (Started("never"), Started("done"), Started("later")));
            Assert.Equal(0, LastMemory(run).Guests);
        });
    }

    [Fact]
    public async Task Machines_that_cannot_run_are_told_of_and_the_others_run()
    {
        GuestMachine[] machines =
        [
            new GuestMachine("large", QuitGuest.Build(QuitKind.PowerOff)) { Boot = "pvh", MemoryMiB = 2048 },
            .. Quit("pinned", QuitKind.PowerOff, "pin = [5]"),
            .. Quit("small", QuitKind.PowerOff, ""),
        ];
        await BootAsync("impossible", options => options, machines, async run =>
        {
            await run.ExpectEndAsync(MachineEnd.PoweredOff);
            Assert.True(
                run.Said(line => line.StartsWith(
                    "ember: vm large: not started: needs 2 GiB in one piece, the largest free is ", StringComparison.Ordinal)),
                run.Machine.Serial.Text);
            Assert.True(
                run.Said(line => line == "ember: vm pinned: not started: it is pinned to processors that are not there"),
                run.Machine.Serial.Text);
            Assert.Equal(["up"], MachineLines.Of(run.Machine.Serial.Lines, "small").Select(line => line.TrimEnd('\r')));
        });
    }

    /// <summary>The one that reads is started when the one that wrote has stopped: it gets the same memory.</summary>
    [Fact]
    public async Task What_a_machine_leaves_the_next_cannot_find()
    {
        GuestMachine[] machines =
        [
            new GuestMachine("keeper", EchoGuest.Build()),
            new GuestMachine("writer", SecretsGuest.Build(SecretsRole.Write, 64)) { Boot = "pvh" },
            new GuestMachine("reader", SecretsGuest.Build(SecretsRole.Read, 64)) { Boot = "pvh", More = "start = false" },
        ];
        await BootAsync("secrets", options => options, machines, async run =>
        {
            await run.ExpectAsync("ember: vm writer powered off");
            await SendAsync(run, Menu + "3s");
            await run.ExpectAsync("ember: vm reader powered off");
            await SendAsync(run, "1ax");
            await run.ExpectEndAsync(MachineEnd.PoweredOff);
            Assert.Equal(
                ["secrets: none found"], MachineLines.Of(run.Machine.Serial.Lines, "reader").Select(line => line.TrimEnd('\r')));
        });
    }

    private static GuestMachine[] Quit(string name, QuitKind kind, string more) =>
        [new GuestMachine(name, QuitGuest.Build(kind)) { Boot = "pvh", MemoryMiB = SmallestMiB, More = more }];

    private static RunTimeMemory LastMemory(BootRun run) =>
        run.Machine.Serial.Lines.Select(line => RunTimeMemory.TryParse(line.Text, out RunTimeMemory? memory) ? memory : null)
            .Last(memory => memory is not null)!;

    private static Task SendAsync(BootRun run, string text) => run.Machine.SendAsync(Encoding.ASCII.GetBytes(text));

    private static GuestMachine[] Same(byte[] kernel, int count) =>
        [.. Enumerable.Range(0, count).Select(i => new GuestMachine($"m{i}", kernel) { Boot = "pvh", MemoryMiB = SmallestMiB })];

    /// <summary>
    /// Seconds from the core's start to the last machine's first instruction: on one processor no machine runs before all are started.
    /// </summary>
    private async Task<double> StartAsync(int count)
    {
        double seconds = 0;
        GuestMachine[] machines = Same(FirstInstructionGuest.Build(), count);
        await BootAsync($"start-{count}", options => options with { CountsInstructions = true }, machines, async run =>
        {
            await run.ExpectEndAsync(MachineEnd.PoweredOff);
            string started = run.Machine.Serial.Lines.Single(line => line.Text.EndsWith(" s after the core's start")).Text;
            Assert.StartsWith($"ember: {count} of {count} virtual machine", started, StringComparison.Ordinal);
            long[] first = [.. machines.SelectMany(machine => MachineLines.Of(run.Machine.Serial.Lines, machine.Name))
                .Select(line => long.Parse(line.TrimEnd('\r')["first ".Length..], CultureInfo.InvariantCulture))];
            Assert.Equal(count, first.Length);
            seconds = double.Parse(started.Split(", ")[1].Split(' ')[0], CultureInfo.InvariantCulture)
                + ((first.Max() - first.Min()) / 1e9);
        });
        return seconds;
    }

    private async Task<RunTimeMemory> HoldAsync(int count)
    {
        RunTimeMemory memory = null!;
        await BootAsync($"hold-{count}", options => options, Same(QuitGuest.Build(QuitKind.PowerOff), count), async run =>
        {
            await run.ExpectEndAsync(MachineEnd.PoweredOff);
            Assert.Equal(count, run.Machine.Serial.Lines.Count(line => CoreLines.IsRunning(line.Text)));
            memory = run.Machine.Serial.Lines.Select(line => RunTimeMemory.TryParse(line.Text, out RunTimeMemory? read) ? read : null)
                .First(read => read is not null)!;
        });
        return memory;
    }

    private async Task BootAsync(
        string name, Func<MachineOptions, MachineOptions> with, GuestMachine[] machines, Func<BootRun, Task> test)
    {
        BuildResult built = await fixture.BuildGuestsAsync(name, machines);
        await BootRun.InAsync(fixture.Repository, with(new MachineOptions(built.Folder.Image)), name, test, TimeSpan.FromMinutes(10));
    }
}
