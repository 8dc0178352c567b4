using System;
using System.Threading.Tasks;
using Ember.Sdk.Compilation;
using Ember.Sdk.Validation;

namespace Ember.Boot.Tests;

/// <summary>Every processor of the machine comes up, and a crash stops them all.</summary>
public sealed class ProcessorTests(ApplianceFixture fixture) : IClassFixture<ApplianceFixture>
{
    private const string IsOurs = "ember: [3/4] the machine is ours: ";

    [Theory]
    [InlineData(1, ", 1 processor, TSC ")]
    [InlineData(2, ", 2 processors, TSC ")]
    [InlineData(4, ", 4 processors, TSC ")]
    [InlineData(8, ", 8 processors, TSC ")]
    public Task All_processors_that_there_are_run_the_core(int processors, string expected) =>
        BootAsync(fixture.Reference.Folder.Image, MachineModel.QemuAmd, processors, run => ExpectAllAsync(run, expected));

    /// <summary>Its page tables lie above 4 GiB, where a processor in real mode cannot find them.</summary>
    [Fact]
    public Task Processors_start_in_a_machine_with_more_than_4_GiB() => BootRun.InAsync(
        fixture.Repository,
        new MachineOptions(fixture.Reference.Folder.Image) { Processors = 2, MemoryMiB = 6144 },
        "processors-6-gib",
        run => ExpectAllAsync(run, ", 2 processors, TSC "));

    /// <summary>No ACPI tables there: the firmware itself is asked.</summary>
    [Fact]
    [Trait("Category", "Slow")]
    public Task All_processors_run_the_core_on_Bochs_too() =>
        BootAsync(fixture.Reference.Folder.Image, MachineModel.BochsIntel, 2, run => ExpectAllAsync(run, ", 2 processors, TSC "));

    [Fact]
    public async Task A_crash_is_dumped_whole_while_other_processors_run()
    {
        BuildResult built = await fixture.BuildReferenceWithAsync("crash-of-four", "\n[lab]\ncrash = \"page-fault\"\n");
        await BootAsync(built.Folder.Image, MachineModel.QemuAmd, 4, async run =>
        {
            await run.ExpectEndAsync(MachineEnd.Reset);
            Assert.True(run.Said(line => line.Contains(", 4 processors, ", StringComparison.Ordinal)), run.Machine.Serial.Text);
            Assert.True(run.Said(line => line == "  processor 0"), run.Machine.Serial.Text);
            Assert.True(
                run.Said(line => line == "ember: the core has crashed; note the lines above for the vendor"), run.Machine.Serial.Text);
        });
    }

    private static async Task ExpectAllAsync(BootRun run, string expected)
    {
        await run.ExpectAsync("ember: [4/4] ");
        Assert.True(
            run.Said(line => line.StartsWith(IsOurs, StringComparison.Ordinal) && line.Contains(expected, StringComparison.Ordinal)),
            run.Machine.Serial.Text);
    }

    private Task BootAsync(string image, MachineModel model, int processors, Func<BootRun, Task> test) => BootRun.InAsync(
        fixture.Repository,
        new MachineOptions(image) { Model = model, Processors = processors },
        $"processors-{model.Name}-{processors}",
        test);
}
