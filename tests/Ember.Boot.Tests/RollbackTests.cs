using System;
using System.IO;
using System.Text;
using System.Threading.Tasks;
using Ember.Formats.Banks;
using Ember.Sdk.Compilation;
using Ember.Sdk.Validation;

namespace Ember.Boot.Tests;

/// <summary>Going back to an older bank: by a key, which is allowed, and below the security version, which is not.</summary>
public sealed class RollbackTests(ApplianceFixture fixture) : IClassFixture<ApplianceFixture>
{
    // The loader has looked for a key before it said so, and reads the largest file after it.
    private const string Reading = "ember: core.efi verified";

    private const string Left = "ember: bank A: left, as was asked for at the keyboard";

    /// <summary>Reading the bank of 16 MB then takes 4 s: long enough for a key that is pressed by a host that is busy.</summary>
    private const int SlowKey = 4 << 20;

    [Fact]
    public Task R_pressed_while_the_key_is_read_starts_the_other_bank_and_it_stays_there() =>
        LeavesAsync("rollback-key", Reading, machine => machine.PressKeysAsync(["r"]));

    [Fact]
    public Task R_sent_over_the_serial_port_does_too() =>
        LeavesAsync("rollback-serial", Reading, machine => machine.SendAsync(Encoding.ASCII.GetBytes("r")));

    [Fact]
    public Task R_pressed_when_the_firmware_has_chosen_the_key_and_before_the_loader_runs_does_too() =>
        LeavesAsync("rollback-early", "BdsDxe: loading", machine => machine.PressKeysAsync(["r"]));

    [Fact]
    public async Task An_image_of_an_older_security_version_is_refused_once_a_newer_one_was_confirmed()
    {
        BuildResult newer = await fixture.BuildReferenceAsync(
            "rollback-newer", manifest => manifest.Replace("[appliance]", "[appliance]\nsecurity_version = 1", StringComparison.Ordinal));
        KeyState.Set(newer.Folder.Image, BankSlot.B, BankCondition.Good, BankCondition.Trial);
        string older = fixture.Damage("rollback-older", "none");
        string variables = Path.Combine(fixture.Folder, "rollback.fd");
        await BootAsync("rollback-trial", newer.Folder.Image, variables, async run =>
        {
            await run.ExpectEndAsync(MachineEnd.PoweredOff);
            Assert.True(run.Said(line => line == "ember: this start is confirmed: the bank is good"), run.Machine.Serial.Text);
        });
        await BootAsync("rollback-confirmed", newer.Folder.Image, variables, async run =>
        {
            await run.ExpectAsync("ember: bank B: confirmed: ");
            await run.ExpectAsync("ember: [2/4] ");
        });
        await BootAsync("rollback-refused", older, variables, async run =>
        {
            const string refused = "its security version is 0, and this machine has started 1: an older one is refused";
            await run.ExpectAsync("ember: nothing could be started");
            Assert.All(
                [$"ember: bank A: {refused}", $"ember: bank B: {refused}"],
                expected => Assert.True(run.Said(line => line == expected), run.Machine.Serial.Text));
            Assert.False(run.Said(line => line.EndsWith(" verified", StringComparison.Ordinal)), run.Machine.Serial.Text);
        });
    }

    /// <summary>Boots a key whose bank A is preferred, does something when it has sent a line, and requires bank B to start.</summary>
    private async Task LeavesAsync(string name, string line, Func<QemuMachine, Task> act)
    {
        string image = fixture.Damage(name, "none");
        MachineOptions options = new(image) { WritesImage = true, KeyBytesPerSecond = SlowKey };
        await BootRun.InAsync(fixture.Repository, options, name, async run =>
        {
            await run.ExpectAsync(line);
            await act(Assert.IsType<QemuMachine>(run.Machine));
            await run.ExpectAsync(Left);
            await run.ExpectAsync("ember: bank B 0.1.0 verified");
            await run.ExpectAsync("ember: [2/4] ");
        });
        Assert.Equal(BankSlot.B, KeyState.Read(image).Preferred);
    }

    private Task BootAsync(string name, string image, string variables, Func<BootRun, Task> test) =>
        BootRun.InAsync(fixture.Repository, new MachineOptions(image) { Variables = variables, WritesImage = true }, name, test);
}
