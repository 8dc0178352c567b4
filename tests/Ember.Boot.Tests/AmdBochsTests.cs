using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Ember.Guests;
using Ember.Sdk.Compilation;
using Ember.Sdk.Validation;

namespace Ember.Boot.Tests;

/// <summary>Small kernels on Bochs's AMD processor, which tells where an intercepted instruction ends and has instructions for
/// SHA-256; QEMU's does not.</summary>
[Trait("Category", "Slow")]
public sealed class AmdBochsTests(ApplianceFixture fixture) : IClassFixture<ApplianceFixture>
{
    [Fact]
    public async Task A_PVH_kernel_is_told_what_it_is_told_elsewhere()
    {
        BuildResult built = await fixture.BuildGuestAsync(
            "amd-bochs-pvh", PvhGuest.Build(), "boot = \"pvh\"\ncommand_line = \"answer=42\"");
        await BootAsync(built, "amd-bochs-pvh", run =>
        {
            Assert.True(run.Said(line => line.Contains("magic 336EC578", StringComparison.Ordinal)), run.Machine.Serial.Text);
            Assert.True(run.Said(line => line.Contains("command line 'answer=42'", StringComparison.Ordinal)), run.Machine.Serial.Text);
            Assert.True(run.Said(line => line == "ember: vm guest powered off"), run.Machine.Serial.Text);
        });
    }

    [Fact]
    public async Task A_CPUID_exit_takes_300_instructions_at_most()
    {
        BuildResult built = await fixture.BuildGuestAsync("amd-bochs-exit-cost", ExitCostGuest.Build());
        await BootAsync(built, "amd-bochs-exit-cost", run =>
        {
            IReadOnlyDictionary<string, double> costs = ExitCosts.Read(run.Machine.Serial.Lines.Select(line => line.Text));

            // A guest whose exits never came would seem to be the fastest.
            Assert.All(costs, cost => Assert.InRange(cost.Value, 50, double.MaxValue));
            Assert.InRange(costs[ExitCostGuest.Cpuid], 0, 300);
        });
    }

    [Fact]
    public async Task Strings_go_out_of_ports_and_come_in()
    {
        BuildResult built = await fixture.BuildGuestAsync("amd-bochs-strings", StringPortGuest.Build(), "boot = \"pvh\"");
        await BootAsync(built, "amd-bochs-strings", run => Assert.All(
            StringPortGuest.Lines, expected => Assert.True(run.Said(line => line == expected), run.Machine.Serial.Text)));
    }

    private Task BootAsync(BuildResult built, string name, Action<BootRun> check) =>
        BootRun.InAsync(
            fixture.Repository,
            new MachineOptions(built.Folder.Image) { Model = MachineModel.BochsAmd },
            name,
            async run =>
            {
                await run.ExpectEndAsync(MachineEnd.PoweredOff);
                Assert.True(run.Said(LoaderLines.IsHashedByInstructions), run.Machine.Serial.Text);
                check(run);
            });
}
