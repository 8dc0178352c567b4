using System.Threading.Tasks;
using Ember.Sdk.Footprint;
using Ember.Sdk.Validation;

namespace Ember.Boot.Tests;

/// <summary>The reference image, whose virtual machine needs 256 MiB, on machines with little, much and divided memory.</summary>
public sealed class MemoryTests(ApplianceFixture fixture) : IClassFixture<ApplianceFixture>
{
    [Theory]
    [InlineData(96)]
    [InlineData(200)]
    public Task A_machine_that_does_not_fit_is_refused_in_a_line_and_the_core_stays(int memoryMiB) =>
        BootAsync(memoryMiB, 1, async run =>
        {
            await run.ExpectAsync("ember: vm linux: not started: needs 256 MiB in one piece, the largest free is ");
            await run.ExpectAsync("ember: stopped: ");
            Assert.False(run.Said(CoreLines.IsRunning), run.Machine.Serial.Text);
        });

    [Fact]
    public Task A_key_that_does_not_fit_is_refused_before_the_firmware_is_left() =>
        BootAsync(64, 1, async run =>
        {
            await run.ExpectAsync(": does not fit into memory");
            await run.ExpectAsync("ember: stopped: ");
        });

    /// <summary>From 3 GiB on there is a hole for devices, and memory above 4 GiB.</summary>
    [Theory]
    [InlineData(4096)]
    [InlineData(8192)]
    public Task Memory_above_4_GiB_is_found_and_used(int memoryMiB) => BootAsync(memoryMiB, 1, async run =>
    {
        await run.ExpectEndAsync(MachineEnd.PoweredOff);
        RunTimeMemory? memory = null;
        Assert.True(run.Said(line => RunTimeMemory.TryParse(line, out memory)), run.Machine.Serial.Text);
        Assert.Equal(memory!.Found, memory.Accounted);
        Assert.InRange(memory.Found, (long)(memoryMiB - 100) << 20, (long)memoryMiB << 20);
    });

    [Fact]
    public Task Domains_are_found_and_a_machine_runs_in_one() => BootAsync(1024, 2, async run =>
    {
        await run.ExpectAsync("ember: vm linux running");
        Assert.True(run.Said(line => line.Contains(" free in 2 domains, 1 processor, TSC ")), run.Machine.Serial.Text);
    });

    private Task BootAsync(int memoryMiB, int domains, System.Func<BootRun, Task> test)
    {
        MachineOptions options = new(fixture.Reference.Folder.Image) { MemoryMiB = memoryMiB, MemoryDomains = domains };
        return BootRun.InAsync(fixture.Repository, options, $"memory-{memoryMiB}-{domains}", test);
    }
}
