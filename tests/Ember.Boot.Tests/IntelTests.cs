using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Ember.Guests;
using Ember.Sdk.Compilation;
using Ember.Sdk.Validation;

namespace Ember.Boot.Tests;

/// <summary>The same images on an Intel processor: Bochs executes VMX, and its firmware has no ACPI tables.</summary>
[Trait("Category", "Slow")]
public sealed class IntelTests(ApplianceFixture fixture) : IClassFixture<ApplianceFixture>
{
    [Fact]
    public Task The_guest_reaches_user_space_and_the_machine_powers_off() =>
        BootAsync(fixture.Reference.Folder.Image, "intel-user-space", async run =>
        {
            await run.ExpectEndAsync(MachineEnd.PoweredOff);
            Timeline timeline = Timeline.Read(run.Machine.Serial.Lines, run.Machine.Serial.Elapsed);
            Assert.True(timeline.ReachedUserSpace, run.Machine.Serial.Text);
            Assert.True(run.Said(line => line == "ember: vm linux powered off"), run.Machine.Serial.Text);
            Assert.True(run.Said(line => line.Contains("processor Intel", StringComparison.Ordinal)), run.Machine.Serial.Text);
        });

    [Fact]
    public async Task A_guest_that_triple_faults_is_stopped_and_the_core_lives_to_power_off()
    {
        BuildResult built = await fixture.BuildGuestAsync("intel-triple-fault", TripleFaultGuest.Build());
        await BootAsync(built.Folder.Image, "intel-triple-fault", async run =>
        {
            await run.ExpectEndAsync(MachineEnd.PoweredOff);
            string[] lines = [.. run.Machine.Serial.Lines.Select(line => line.Text)];
            int stopped = Array.FindIndex(
                lines, line => line.StartsWith("ember: vm guest: stopped: triple fault", StringComparison.Ordinal));
            Assert.True(stopped >= 0, run.Machine.Serial.Text);
            Assert.Contains(lines[stopped..], line => line.StartsWith("ember: powering off", StringComparison.Ordinal));
        });
    }

    [Fact]
    public async Task A_CPUID_exit_takes_300_instructions_at_most()
    {
        BuildResult built = await fixture.BuildGuestAsync("intel-exit-cost", ExitCostGuest.Build());
        await BootAsync(built.Folder.Image, "intel-exit-cost", async run =>
        {
            await run.ExpectEndAsync(MachineEnd.PoweredOff);
            IReadOnlyDictionary<string, double> costs = ExitCosts.Read(run.Machine.Serial.Lines.Select(line => line.Text));

            // A guest whose exits never came would seem to be the fastest.
            Assert.All(costs, cost => Assert.InRange(cost.Value, 50, double.MaxValue));
            Assert.InRange(costs[ExitCostGuest.Cpuid], 0, 300);
        });
    }

    [Fact]
    public async Task Strings_go_out_of_ports_and_come_in()
    {
        BuildResult built = await fixture.BuildGuestAsync("intel-strings", StringPortGuest.Build(), "boot = \"pvh\"");
        await BootAsync(built.Folder.Image, "intel-strings", async run =>
        {
            await run.ExpectEndAsync(MachineEnd.PoweredOff);
            Assert.All(StringPortGuest.Lines, expected => Assert.True(run.Said(line => line == expected), run.Machine.Serial.Text));
        });
    }

    private Task BootAsync(string image, string name, Func<BootRun, Task> test) =>
        BootRun.InAsync(fixture.Repository, new MachineOptions(image) { Model = MachineModel.BochsIntel }, name, test);
}
