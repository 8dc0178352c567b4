using System;
using System.Linq;
using System.Threading.Tasks;
using Ember.Guests;
using Ember.Sdk.Compilation;
using Ember.Sdk.Validation;

namespace Ember.Boot.Tests;

/// <summary>Virtual machines of several processors, as many as there are and more.</summary>
public sealed class GuestProcessorTests(ApplianceFixture fixture) : IClassFixture<ApplianceFixture>
{
    [Theory]
    [InlineData(4, 1)]
    [InlineData(16, 2)]
    [InlineData(4, 4)]
    public Task A_guest_starts_its_processors_and_they_interrupt_each_other_and_agree_on_time(int count, int host) =>
        RunAsync(MachineModel.QemuAmd, count, host);

    [Fact]
    [Trait("Category", "Slow")]
    public Task They_do_on_two_processors_of_Intel() => RunAsync(MachineModel.BochsIntel, 2, 2);

    [Fact]
    [Trait("Category", "Slow")]
    public Task They_do_on_two_processors_of_AMD_in_Bochs() => RunAsync(MachineModel.BochsAmd, 2, 2);

    /// <summary>Sixteen that spin for one lock, on two: who holds it has to get its turn.</summary>
    [Fact]
    public async Task Sixteen_processors_that_want_one_lock_all_get_it_on_two()
    {
        GuestMachine machine = new("guest", SpinGuest.Build(16)) { Boot = "pvh", Processors = 16 };
        await BootAsync("spin", MachineModel.QemuAmd, 2, [machine], run => Assert.Equal(["spin done"], Said(run, "guest")));
    }

    [Fact]
    public async Task Ten_machines_of_two_processors_run_at_once_on_two()
    {
        byte[] kernel = SmpGuest.Build(2);
        GuestMachine[] machines =
            [.. Enumerable.Range(0, 10).Select(i => new GuestMachine($"m{i}", kernel) { Boot = "pvh", MemoryMiB = 16, Processors = 2 })];
        await BootAsync("ten", MachineModel.QemuAmd, 2, machines, run => Assert.All(
            machines, machine => Assert.Equal(Expected(2), Said(run, machine.Name)[^1])));
    }

    [Fact]
    public async Task Debians_kernel_starts_four_processors_on_two()
    {
        BuildResult built = await fixture.BuildReferenceAsync(
            "linux-four", manifest => manifest.Replace("cpus = 1", "cpus = 4", StringComparison.Ordinal));
        MachineOptions options = new(built.Folder.Image) { Processors = 2 };
        await BootRun.InAsync(fixture.Repository, options, "linux-four", async run =>
        {
            await run.ExpectEndAsync(MachineEnd.PoweredOff);
            Assert.True(
                run.Said(line => line.StartsWith("guest: processor ", StringComparison.Ordinal)
                    && line.EndsWith(", 4 online", StringComparison.Ordinal)),
                run.Machine.Serial.Text);
            Assert.True(run.Said(CoreLines.IsPoweredOff), run.Machine.Serial.Text);
        });
    }

    /// <summary>Every interrupt came, by the APIC's page and by its MSRs.</summary>
    private static string Expected(int count) => $"smp: {count} processors, {2 * SmpGuest.InterruptsOf(count)} ipis, tsc ok";

    private static string[] Said(BootRun run, string machine) =>
        [.. MachineLines.Of(run.Machine.Serial.Lines, machine).Select(line => line.TrimEnd('\r'))];

    private Task RunAsync(MachineModel model, int count, int host)
    {
        // A token goes round as fast as processors that wait for it have their turns.
        byte[] kernel = count > 2 * host ? SmpGuest.Build(count, tokenRounds: 4) : SmpGuest.Build(count);
        GuestMachine machine = new("guest", kernel) { Boot = "pvh", Processors = count };
        return BootAsync($"smp-{model.Name}-{count}-{host}", model, host, [machine], run =>
        {
            Assert.Equal(Expected(count), Said(run, "guest")[^1]);
            Assert.True(
                run.Said(line => line.Contains($", {host} processor", StringComparison.Ordinal)), run.Machine.Serial.Text);
        });
    }

    private async Task BootAsync(string name, MachineModel model, int host, GuestMachine[] machines, Action<BootRun> check)
    {
        BuildResult built = await fixture.BuildGuestsAsync(name, machines);
        MachineOptions options = new(built.Folder.Image) { Model = model, Processors = host };
        await BootRun.InAsync(fixture.Repository, options, name, async run =>
        {
            await run.ExpectEndAsync(MachineEnd.PoweredOff);
            check(run);
        });
    }
}
