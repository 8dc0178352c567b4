using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using Ember.Guests;
using Ember.Sdk.Compilation;
using Ember.Sdk.Footprint;
using Ember.Sdk.Images;
using Ember.Sdk.Images.Containers;
using Ember.Sdk.Validation;

namespace Ember.Boot.Tests;

/// <summary>The whole way, from the firmware of an emulated server to the power-off.</summary>
public sealed partial class BootTests(ApplianceFixture fixture) : IClassFixture<ApplianceFixture>
{
    [Fact]
    public Task The_guest_reaches_user_space_and_the_machine_powers_off() =>
        BootAsync(fixture.Reference.Folder.Image, "user-space", async run =>
        {
            await run.ExpectEndAsync(MachineEnd.PoweredOff);
            Timeline timeline = Timeline.Read(run.Machine.Serial.Lines, run.Machine.Serial.Elapsed);
            Assert.True(timeline.ReachedUserSpace, run.Machine.Serial.Text);
            Assert.Equal(6, timeline.Phases.Count);
            Assert.True(run.Said(LoaderLines.IsHashedWithoutThem), run.Machine.Serial.Text);
            Assert.True(run.Said(line => line == "ember: vm linux powered off"), run.Machine.Serial.Text);
        });

    [Fact]
    public Task The_disc_boots_from_a_drive() => BootDiscAsync(isDisc: true, "disc");

    [Fact]
    [Trait("Category", "Slow")]
    public Task The_disc_boots_from_a_key() => BootDiscAsync(isDisc: false, "disc-as-key");

    [Theory]
    [InlineData("core.efi")]
    [InlineData("appliance.plan")]
    [InlineData("vmlinuz")]
    [InlineData("initrd")]
    [InlineData("bank.signature")]
    public Task A_file_with_one_wrong_bit_in_both_banks_is_refused_by_name_and_nothing_runs(string file)
    {
        string image = fixture.Damage($"damaged-{file}", file, KeyLayout.BankAName, KeyLayout.BankBName);
        return BootAsync(image, $"damaged-{file}", async run =>
        {
            await run.ExpectAsync("ember: nothing could be started: ");
            Assert.All(
                ["ember: bank A: ", "ember: bank B: "],
                bank => Assert.True(
                    run.Said(line => line.StartsWith(bank, StringComparison.Ordinal) && line.Contains(file, StringComparison.Ordinal)),
                    run.Machine.Serial.Text));
            Assert.False(run.Said(CoreLines.IsRunning), run.Machine.Serial.Text);
        });
    }

    [Theory]
    [InlineData("invalid-opcode")]
    [InlineData("page-fault")]
    [InlineData("stack-overflow")]
    [InlineData("check-failed")]
    public async Task A_crash_of_the_core_is_dumped_with_function_names_and_ends_in_a_reset(string crash)
    {
        BuildResult built = await fixture.BuildReferenceWithAsync($"crash-{crash}", $"\n[lab]\ncrash = \"{crash}\"\n");
        await BootAsync(built.Folder.Image, $"crash-{crash}", async run =>
        {
            await run.ExpectEndAsync(MachineEnd.Reset);
            Assert.True(run.Said(line => line.StartsWith(CoreLines.Fault, StringComparison.Ordinal)), run.Machine.Serial.Text);
            Assert.True(run.Said(line => FunctionName().IsMatch(line)), run.Machine.Serial.Text);
            Assert.False(run.Said(CoreLines.IsRunning), run.Machine.Serial.Text);
        });
    }

    [Fact]
    public async Task A_guest_that_triple_faults_is_stopped_and_the_core_lives_to_power_off()
    {
        BuildResult built = await fixture.BuildGuestAsync("triple-fault", TripleFaultGuest.Build());
        await BootAsync(built.Folder.Image, "triple-fault", async run =>
        {
            await run.ExpectEndAsync(MachineEnd.PoweredOff);
            string[] lines = [.. run.Machine.Serial.Lines.Select(line => line.Text)];
            int stopped = Array.FindIndex(
                lines, line => line.StartsWith("ember: vm guest: stopped: triple fault", StringComparison.Ordinal));
            Assert.True(stopped >= 0, run.Machine.Serial.Text);
            Assert.Contains("ember: powering off", lines[stopped..]);
        });
    }

    [Fact]
    public Task A_guest_goes_on_when_the_key_is_pulled_out() =>
        BootAsync(fixture.Reference.Folder.Image, "unplugged", async run =>
        {
            await run.ExpectAsync("ember: vm linux running");
            await Assert.IsType<QemuMachine>(run.Machine).UnplugKeyAsync();
            Assert.False(run.Said(CoreLines.IsPoweredOff), run.Machine.Serial.Text);
            await run.ExpectEndAsync(MachineEnd.PoweredOff);
            Assert.True(
                Timeline.Read(run.Machine.Serial.Lines, run.Machine.Serial.Elapsed).ReachedUserSpace, run.Machine.Serial.Text);
        });

    [Fact]
    public Task The_core_accounts_for_all_memory_and_keeps_little_for_itself() =>
        BootAsync(fixture.Reference.Folder.Image, "memory", async run =>
        {
            await run.ExpectEndAsync(MachineEnd.PoweredOff);
            RunTimeMemory? memory = null;
            Assert.True(run.Said(line => RunTimeMemory.TryParse(line, out memory)), run.Machine.Serial.Text);
            Assert.Equal(memory!.Found, memory.Accounted);

            // Nested tables are among those kept: the reserve for them is not even needed.
            const long Budget = (8 << 20) + (256 << 10);
            Assert.InRange(memory.Own, memory.Image + memory.PageTablesUsed, Budget);
            Assert.True(memory.PageTablesUsed > 0 && memory.Guests > 0, run.Machine.Serial.Text);
        });

    [Fact]
    public async Task A_CPUID_exit_takes_300_instructions_at_most_a_port_read_250_and_an_APIC_write_350()
    {
        BuildResult built = await fixture.BuildGuestAsync("exit-cost", ExitCostGuest.Build());
        MachineOptions options = new(built.Folder.Image) { CountsInstructions = true };
        await BootRun.InAsync(fixture.Repository, options, "exit-cost", async run =>
        {
            await run.ExpectEndAsync(MachineEnd.PoweredOff);
            IReadOnlyDictionary<string, double> costs = ExitCosts.Read(run.Machine.Serial.Lines.Select(line => line.Text));

            // A guest whose exits never came would seem to be the fastest.
            Assert.All(costs, cost => Assert.InRange(cost.Value, 50, double.MaxValue));
            Assert.InRange(costs[ExitCostGuest.Cpuid], 0, 300);
            Assert.InRange(costs[ExitCostGuest.PortRead], 0, 250);
            Assert.InRange(costs[ExitCostGuest.ApicWrite], 0, 350);
        });
    }

    [Fact]
    public async Task Strings_go_out_of_ports_and_come_in()
    {
        BuildResult built = await fixture.BuildGuestAsync("strings", StringPortGuest.Build(), "boot = \"pvh\"");
        await BootAsync(built.Folder.Image, "strings", async run =>
        {
            await run.ExpectEndAsync(MachineEnd.PoweredOff);
            Assert.All(StringPortGuest.Lines, expected => Assert.True(run.Said(line => line == expected), run.Machine.Serial.Text));
        });
    }

    /// <summary>From HLT in one to the next instruction of the other; and with an interrupt command in one and the interrupt in the
    /// other on the way.</summary>
    [Fact]
    public async Task Another_virtual_processor_runs_after_1500_instructions_at_most_and_2500_with_an_interrupt_between_them()
    {
        BuildResult built = await fixture.BuildGuestsAsync(
            "hand-over", new GuestMachine("guest", HandOverGuest.Build()) { Boot = "pvh", Processors = 2 });
        MachineOptions options = new(built.Folder.Image) { CountsInstructions = true };
        await BootRun.InAsync(fixture.Repository, options, "hand-over", async run =>
        {
            await run.ExpectEndAsync(MachineEnd.PoweredOff);
            IReadOnlyDictionary<string, double> costs = HandOverGuest.Read(run.Machine.Serial.Lines.Select(line => line.Text));
            Assert.InRange(costs[HandOverGuest.Halt], 200, 1500);
            Assert.InRange(costs[HandOverGuest.Wake], 200, 2500);
        });
    }

    private async Task BootDiscAsync(bool isDisc, string name)
    {
        string disc = Path.Combine(fixture.Folder, name + ".iso");
        using (SparseImage image = SparseImage.Open(fixture.Reference.Folder.Image))
        {
            new IsoContainer().Write(image, disc);
        }

        await BootRun.InAsync(fixture.Repository, new MachineOptions(disc) { IsDisc = isDisc }, name, async run =>
        {
            await run.ExpectEndAsync(MachineEnd.PoweredOff);
            Assert.True(run.Said(line => line == "guest: user space reached"), run.Machine.Serial.Text);
            Assert.True(run.Said(line => line.StartsWith("ember: bank A 0.1.0 verified", StringComparison.Ordinal)));
            Assert.Equal(
                isDisc, run.Said(line => line.StartsWith("ember: the state of the banks cannot be read", StringComparison.Ordinal)));
        });
    }

    private Task BootAsync(string image, string name, Func<BootRun, Task> test) =>
        BootRun.InAsync(fixture.Repository, new MachineOptions(image), name, test);

    [GeneratedRegex(@"\b(?!image\+)[A-Za-z_]\w+\+0x[0-9A-Fa-f]+")]
    private static partial Regex FunctionName();
}
