using System;
using System.Linq;
using System.Threading.Tasks;
using Ember.Guests;
using Ember.Sdk.Compilation;
using Ember.Sdk.Validation;

namespace Ember.Boot.Tests;

/// <summary>Kernels that begin in 32-bit protected mode print what they were told.</summary>
public sealed class BootProtocolTests(ApplianceFixture fixture) : IClassFixture<ApplianceFixture>
{
    private static readonly string[] _map =
    [
        "range 00000000 000A0000 00000001", "range 000A0000 00040000 00000002", "range 000E0000 00010000 00000003",
        "range 000F0000 00010000 00000002", "range 00100000 03F00000 00000001",
    ];

    [Theory]
    [InlineData("multiboot-elf")]
    [InlineData("multiboot-flat")]
    public async Task A_Multiboot_kernel_is_told_command_line_modules_and_memory(string name)
    {
        byte[] kernel = name == "multiboot-elf" ? MultibootGuest.BuildElf() : MultibootGuest.BuildFlat();
        BuildResult built = await fixture.BuildGuestAsync(
            name,
            kernel,
            """
            boot = "multiboot"
            modules = ["one", { file = "two", text = "second module" }]
            command_line = "answer=42"
            """,
            ("one", "first content"),
            ("two", "second content"));
        await BootAsync(built, name, lines =>
        {
            Assert.Contains("eax 2BADB002 flags 0000004D low 00000280 high 0000FC00", lines);
            Assert.Contains("command line 'answer=42'", lines);
            Assert.Equal(
                ["module 00101000 '' first content", "module 00102000 'second module' second content", .. _map],
                lines.Where(line => line.StartsWith("module ", StringComparison.Ordinal)
                    || line.StartsWith("range ", StringComparison.Ordinal)));
        });
    }

    [Fact]
    public async Task A_PVH_kernel_is_told_command_line_modules_memory_and_RSDP()
    {
        BuildResult built = await fixture.BuildGuestAsync(
            "pvh",
            PvhGuest.Build(),
            """
            boot = "pvh"
            initrd = "one"
            modules = [{ file = "two", text = "second module" }]
            command_line = "answer=42"
            """,
            ("one", "first content"),
            ("two", "second content"));
        await BootAsync(built, "pvh", lines =>
        {
            Assert.Contains("eax 00000000 magic 336EC578 version 00000001", lines);
            Assert.Contains("command line 'answer=42'", lines);
            Assert.Equal(
                ["module 00101000 '' first content", "module 00102000 'second module' second content", "rsdp 000E0000", .. _map],
                lines.Where(line => line.StartsWith("module ", StringComparison.Ordinal)
                    || line.StartsWith("rsdp ", StringComparison.Ordinal)
                    || line.StartsWith("range ", StringComparison.Ordinal)));
            Assert.Contains("apic 00050014", lines);
        });
    }

    private Task BootAsync(BuildResult built, string name, Action<string[]> check) =>
        BootRun.InAsync(fixture.Repository, new MachineOptions(built.Folder.Image), name, async run =>
        {
            await run.ExpectEndAsync(MachineEnd.PoweredOff);
            check([.. run.Machine.Serial.Lines.Select(line => line.Text.TrimEnd('\r'))]);
            Assert.True(run.Said(line => line == "ember: vm guest powered off"), run.Machine.Serial.Text);
        });
}
