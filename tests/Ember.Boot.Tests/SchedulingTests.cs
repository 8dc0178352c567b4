using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading.Tasks;
using Ember.Guests;
using Ember.Sdk.Compilation;
using Ember.Sdk.Validation;
using Xunit.Abstractions;

namespace Ember.Boot.Tests;

/// <summary>How processors are shared out. Time is counted in instructions, one a nanosecond: every run is the same.</summary>
[Trait("Category", "Slow")]
public sealed class SchedulingTests(ApplianceFixture fixture, ITestOutputHelper output) : IClassFixture<ApplianceFixture>
{
    private const long Second = 1_000_000_000;

    [Fact]
    public async Task Two_busy_machines_get_processor_time_by_their_weights()
    {
        byte[] busy = BusyGuest.Build(Second / 4);
        await BootAsync("shares", 1, [Busy("light", busy, "weight = 100"), Busy("heavy", busy, "weight = 300")], async run =>
        {
            await run.ExpectCountAsync("heavy| busy ", 4);
            await run.ExpectCountAsync("light| busy ", 4);
            double ratio = Count(run, "heavy", 3) / Count(run, "light", 3);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"heavy / light: {ratio:0.000}"));
            Assert.InRange(ratio, 3 * 0.95, 3 * 1.05);
        });
    }

    [Fact]
    public async Task A_cap_holds_whatever_the_weight()
    {
        byte[] busy = BusyGuest.Build(Second / 2);
        await BootAsync("cap", 1, [Busy("capped", busy, "cap = 20\nweight = 1000"), Busy("free", busy, "")], async run =>
        {
            await run.ExpectCountAsync("capped| busy ", 2);
            await run.ExpectCountAsync("free| busy ", 2);

            // The first period is cut short, and the cap of it is not.
            double capped = Count(run, "capped", 1) - Count(run, "capped", 0);
            double free = Count(run, "free", 1) - Count(run, "free", 0);
            Assert.InRange(capped / free, 0.2 / 0.8 * 0.95, 0.2 / 0.8 * 1.05);
        });
    }

    /// <summary>A slice is 5 ms, half of what the guest sleeps each time.</summary>
    [Fact]
    public async Task A_machine_that_sleeps_wakes_within_a_slice_beside_a_busy_one()
    {
        GuestMachine[] machines =
        [
            Busy("busy", BusyGuest.Build(Second), ""),
            new GuestMachine("tick", TickGuest.Build(200)) { Boot = "pvh" },
        ];
        await BootAsync("wake", 1, machines, async run =>
        {
            await run.ExpectAsync("ember: vm tick powered off");
            IReadOnlyList<string> lines = MachineLines.Of(run.Machine.Serial.Lines, "tick");
            double period = Last(lines[0]);
            output.WriteLine(string.Join(", ", lines));
            Assert.All(lines.Skip(1), line => Assert.InRange(Last(line), 1, period / 2));
            Assert.Equal(2, lines.Count - 1);
            Assert.NotEmpty(MachineLines.Of(run.Machine.Serial.Lines, "busy"));
        });
    }

    [Fact]
    public async Task None_of_thirty_two_busy_machines_starves()
    {
        const int count = 32;
        byte[] busy = BusyGuest.Build(Second);
        GuestMachine[] machines = [.. Enumerable.Range(0, count).Select(i => Busy($"m{i}", busy, "") with { MemoryMiB = 16 })];
        await BootAsync("thirty-two", 1, machines, async run =>
        {
            foreach (GuestMachine machine in machines)
            {
                await run.ExpectCountAsync($"{machine.Name}| busy ", 1);
            }

            double[] counts = [.. machines.Select(machine => Count(run, machine.Name, 0))];
            double average = counts.Average();
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"least {counts.Min() / average:0.00}, most {counts.Max() / average:0.00}"));
            // In that second each had six slices or seven.
            Assert.InRange(counts.Min() / average, 0.8, 1);
            Assert.InRange(counts.Max() / average, 1, 1.2);
        });
    }

    private static GuestMachine Busy(string name, byte[] kernel, string more) => new(name, kernel) { Boot = "pvh", More = more };

    /// <summary>What the guest had counted to when it wrote its count for the <paramref name="index"/>-th time.</summary>
    private static double Count(BootRun run, string name, int index) =>
        Last(MachineLines.Of(run.Machine.Serial.Lines, name)
            .Where(line => line.StartsWith("busy ", StringComparison.Ordinal)).ElementAt(index));

    private static double Last(string line) => double.Parse(line.TrimEnd('\r').Split(' ')[^1], CultureInfo.InvariantCulture);

    private async Task BootAsync(string name, int processors, GuestMachine[] machines, Func<BootRun, Task> test)
    {
        BuildResult built = await fixture.BuildGuestsAsync(name, machines);
        MachineOptions options = new(built.Folder.Image) { CountsInstructions = true, Processors = processors };
        await BootRun.InAsync(fixture.Repository, options, name, test, TimeSpan.FromMinutes(10));
    }
}
