using System;
using System.IO;
using System.Threading.Tasks;
using Ember.Sdk.Compilation;
using Ember.Sdk.Footprint;
using Ember.Sdk.Signing;
using Ember.Sdk.Validation;

namespace Ember.Boot.Tests;

/// <summary>A server without a disk and without a key: the firmware loads one file by PXE or by HTTP.</summary>
public sealed class NetworkBootTests(ApplianceFixture fixture) : IClassFixture<ApplianceFixture>
{
    private const string GuestIsUp = "guest: user space reached";
    private const int MemoryMiB = 1024;

    [Fact]
    public Task The_one_file_boots_to_its_guest() => BootAsync("network", fixture.Reference.Folder.Network, secureBoot: false, BootedAsync);

    [Fact]
    public async Task It_boots_with_Secure_Boot_on()
    {
        BuildResult built = await BuildTrustedAsync("network-secure");
        await BootAsync("network-secure", built.Folder.Network, secureBoot: true, BootedAsync);
    }

    [Fact]
    [Trait("Category", "Slow")]
    public Task It_boots_over_HTTP() => BootOverHttpAsync("http", fixture.Reference.Folder.Network, secureBoot: false, BootedAsync);

    [Fact]
    public async Task It_boots_over_HTTP_with_Secure_Boot_on()
    {
        BuildResult built = await BuildTrustedAsync("http-secure");
        await BootOverHttpAsync("http-secure", built.Folder.Network, secureBoot: true, BootedAsync);
    }

    [Fact]
    [Trait("Category", "Slow")]
    public async Task The_image_of_a_key_boots_over_HTTP_from_memory_that_stays_out_of_use()
    {
        BuildResult built = await BuildTrustedAsync("http-image");
        string image = built.Folder.Image;
        await BootOverHttpAsync("http-image", image, secureBoot: true, async run =>
        {
            await run.ExpectEndAsync(MachineEnd.PoweredOff);
            Assert.True(run.Said(line => line == GuestIsUp), run.Machine.Serial.Text);
            Assert.True(run.Said(line => line.StartsWith("ember: bank A 0.1.0 verified", StringComparison.Ordinal)));
            RunTimeMemory? memory = null;
            Assert.True(run.Said(line => RunTimeMemory.TryParse(line, out memory)), run.Machine.Serial.Text);
            long all = (long)MemoryMiB << 20;
            Assert.InRange(memory!.Found, all / 2, all - new FileInfo(image).Length);
        });
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
        Assert.True(run.Said(line => line == GuestIsUp), run.Machine.Serial.Text);
        Assert.True(run.Said(LoaderLines.IsHashedWithoutThem), run.Machine.Serial.Text);
        Assert.True(run.Said(line => line.StartsWith("ember: network bank 0.1.0 verified", StringComparison.Ordinal)));
    }

    private async Task<BuildResult> BuildTrustedAsync(string name)
    {
        using RsaSigningKey key = RsaSigningKey.OpenPem(
            QemuMachine.SecureBootKey, QemuMachine.SecureBootCertificate, () => QemuMachine.SecureBootKeyPassword);
        return await fixture.BuildReferenceAsync(name, key);
    }

    private async Task BootOverHttpAsync(string name, string file, bool secureBoot, Func<BootRun, Task> test)
    {
        await using HttpServer server = await HttpServer.StartAsync(fixture.Repository, file);
        MachineOptions options = new(file)
        {
            BootsFromNetwork = true,
            Network = server.Network,
            SecureBoot = secureBoot,
            MemoryMiB = MemoryMiB,
        };
        await BootRun.InAsync(fixture.Repository, options, name, test);
        string path = "/" + Path.GetFileName(file);
        Assert.Equal([$"HEAD {path}", $"GET {path}"], await server.StopAsync());
    }

    private Task BootAsync(string name, string file, bool secureBoot, Func<BootRun, Task> test) => BootRun.InAsync(
        fixture.Repository, new MachineOptions(file) { BootsFromNetwork = true, SecureBoot = secureBoot }, name, test);
}
