using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using Ember.Guests;
using Ember.Guests.Fuzz;
using Ember.Sdk.Compilation;
using Ember.Sdk.Validation;
using Xunit.Abstractions;

namespace Ember.Boot.Tests;

/// <summary>A guest that does everything no guest should, beside one that ticks: the core goes on, and so does the other guest.</summary>
public sealed partial class HostileGuestTests(ApplianceFixture fixture, ITestOutputHelper output) : IClassFixture<ApplianceFixture>
{
    private const string Hostile = "fuzz";
    private const string Bystander = "tick";
    private const string Tick = $"{Bystander}| tick ";

    /// <summary>How often it may lock itself out in a run: seldom, or the core loses it interrupts.</summary>
    private const int MostLockouts = 3;

    /// <summary>Longer than a few of the longest waits before a restart, a minute each.</summary>
    private static readonly TimeSpan _lockout = TimeSpan.FromMinutes(4);

    [Fact]
    public Task The_core_and_another_guest_outlive_a_hostile_guest() =>
        RunAsync(MachineModel.QemuAmd, 1, new FuzzOptions { SparesQemu = true }, 100_000);

    [Fact]
    [Trait("Category", "Fuzz")]
    public Task They_outlive_one_of_two_processors() =>
        RunAsync(MachineModel.QemuAmd, 2, new FuzzOptions { SparesQemu = true, Processors = 2 }, 100_000);

    [Fact]
    [Trait("Category", "Fuzz")]
    public Task They_do_for_two_million_steps_on_AMD() =>
        RunAsync(MachineModel.QemuAmd, 1, new FuzzOptions { SparesQemu = true }, 2_000_000);

    [Fact]
    [Trait("Category", "Fuzz")]
    public Task They_do_for_a_million_steps_of_two_processors_on_AMD() =>
        RunAsync(MachineModel.QemuAmd, 2, new FuzzOptions { SparesQemu = true, Processors = 2 }, 1_000_000);

    [Fact]
    [Trait("Category", "Fuzz")]
    public Task They_do_for_a_million_steps_on_Intel() => RunAsync(MachineModel.BochsIntel, 1, new FuzzOptions(), 1_000_000);

    [Fact]
    [Trait("Category", "Fuzz")]
    public Task They_do_for_a_million_steps_on_AMD_in_Bochs() =>
        RunAsync(MachineModel.BochsAmd, 1, new FuzzOptions { SparesBochs = true }, 1_000_000);

    private async Task RunAsync(MachineModel model, int processors, FuzzOptions options, int steps)
    {
        string name = $"hostile-{model.Name}-{processors}-{steps}";
        BuildResult built = await fixture.BuildGuestsAsync(
            name,
            new GuestMachine(Hostile, FuzzGuest.Build(options))
            {
                Boot = "pvh",
                Processors = options.Processors,
                More = "restart = \"always\"",
            },
            new GuestMachine(Bystander, TickGuest.Build(int.MaxValue / 2)) { Boot = "pvh" });
        await BootRun.InAsync(
            fixture.Repository,
            new MachineOptions(built.Folder.Image) { Model = model, Processors = processors, MemoryMiB = 512 },
            name,
            async run =>
            {
                int lines = (steps + FuzzGuest.StepsPerLine - 1) / FuzzGuest.StepsPerLine;
                int lockouts = await RunStepsAsync(run, lines);
                int ticks = run.Machine.Serial.Lines.Count(line => line.Text.StartsWith(Tick, StringComparison.Ordinal));
                await run.ExpectCountAsync(Tick, ticks + 2);
                string[] said = [.. run.Machine.Serial.Lines.Select(line => line.Text)];
                Report(said, lines * FuzzGuest.StepsPerLine, lockouts, run.Machine.Serial.Elapsed);
                Check(said);
            },
            TimeSpan.FromMinutes(30));
    }

    /// <summary>
    /// Waits until it has taken its steps. Nothing keeps it from locking itself out, for example by interrupts off on both of its
    /// processors in different ways; then it is reset from the menu, as its administrator would do.
    /// </summary>
    /// <returns>How often it had to be reset.</returns>
    private static async Task<int> RunStepsAsync(BootRun run, int lines)
    {
        const string progress = $"{Hostile}| {FuzzGuest.Progress}";
        int lockouts = 0;
        for (int seen = 0; seen < lines; seen = run.Machine.Serial.Lines.Count(line => line.Text.StartsWith(progress, StringComparison.Ordinal)))
        {
            if (!await run.SeesCountAsync(progress, seen + 1, _lockout))
            {
                lockouts++;
                Assert.True(lockouts <= MostLockouts, $"no progress within {_lockout.TotalMinutes} minutes, {lockouts} times");
                await run.Machine.SendAsync("\u001D1rq"u8.ToArray());
                await run.ExpectCountAsync("ember> closed", lockouts);
            }
        }

        return lockouts;
    }

    /// <summary>Every line is whole and from one of the three that speak, and only the hostile machine ever stopped.</summary>
    private static void Check(string[] lines)
    {
        int start = Array.FindIndex(lines, CoreLines.IsFromCore);
        Assert.All(lines[start..], line => Assert.Matches(Line(), line));
        Assert.DoesNotContain(lines, line => line.StartsWith(CoreLines.Fault, StringComparison.Ordinal));
        Assert.Equal(
            [$"ember: vm {Bystander} running"],
            lines.Where(line => line.StartsWith($"ember: vm {Bystander}", StringComparison.Ordinal)));
    }

    private void Report(string[] lines, int steps, int lockouts, TimeSpan time)
    {
        IEnumerable<string> ends = lines.Where(line => End().IsMatch(line)).Select(line => End().Match(line).Groups["why"].Value);
        long exits = lines.Select(line => Exits().Match(line)).Where(match => match.Success)
            .Sum(match => long.Parse(match.Groups["count"].Value, CultureInfo.InvariantCulture));
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{steps} steps in {time.TotalSeconds:0} s, {exits} exits of machines that have stopped, {lockouts} lockouts"));
        foreach (IGrouping<string, string> end in ends.GroupBy(why => why).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            output.WriteLine($"{end.Count()} times: {end.Key}");
        }
    }

    [GeneratedRegex(@"^(ember[:>] [ -~]+|fuzz\|[ +](fuzz: |ember)?[ -~]*|tick\| tick [a-z0-9 ]+)$")]
    private static partial Regex Line();

    [GeneratedRegex(@"^ember: vm fuzz(: stopped: (?<why>[^,]+).*| (?<why>powered off|reset itself))$")]
    private static partial Regex End();

    [GeneratedRegex(@"^ember: vm fuzz: (?<count>\d+) exits")]
    private static partial Regex Exits();
}
