using System;
using System.IO;
using System.Threading.Tasks;
using Ember.Sdk.Compilation;
using Ember.Sdk.Signing;
using Ember.Sdk.Validation;

namespace Ember.Boot.Tests;

/// <summary>A server without a disk and without a key: the firmware loads one file by PXE.</summary>
public sealed class NetworkBootTests(ApplianceFixture fixture) : IClassFixture<ApplianceFixture>
{
    [Fact]
    public Task The_one_file_boots_to_its_guest() => BootAsync("network", fixture.Reference.Folder.Network, secureBoot: false, BootedAsync);

    [Fact]
    public async Task It_boots_with_Secure_Boot_on()
    {
        using RsaSigningKey key = RsaSigningKey.OpenPem(
            QemuMachine.SecureBootKey, QemuMachine.SecureBootCertificate, () => QemuMachine.SecureBootKeyPassword);
        BuildResult built = await fixture.BuildReferenceAsync("network-secure", key);
        await BootAsync("network-secure", built.Folder.Network, secureBoot: true, BootedAsync);
    }

    [Fact]
    public async Task A_payload_with_one_wrong_bit_is_refused_by_name_and_nothing_runs()
    {
        byte[] file = await File.ReadAllBytesAsync(fixture.Reference.Folder.Network);
        // The middle of the file is in the kernel, which is the largest by far.
        file[file.Length / 2] ^= 1;
        string damaged = Path.Combine(Directory.CreateDirectory(Path.Combine(fixture.Folder, "network-damaged")).FullName, "network.efi");
        await File.WriteAllBytesAsync(damaged, file);
        await BootAsync("network-damaged", damaged, secureBoot: false, async run =>
        {
            await run.ExpectAsync("ember: network bank: vmlinuz");
            await run.ExpectAsync("ember: nothing could be started");
            Assert.False(run.Said(CoreLines.IsRunning), run.Machine.Serial.Text);
        });
    }

    private static async Task BootedAsync(BootRun run)
    {
        await run.ExpectEndAsync(MachineEnd.PoweredOff);
        Assert.True(run.Said(line => line == "guest: user space reached"), run.Machine.Serial.Text);
        Assert.True(run.Said(line => line.StartsWith("ember: network bank 0.1.0 verified", StringComparison.Ordinal)));
    }

    private Task BootAsync(string name, string file, bool secureBoot, Func<BootRun, Task> test) => BootRun.InAsync(
        fixture.Repository, new MachineOptions(file) { BootsFromNetwork = true, SecureBoot = secureBoot }, name, test);
}
