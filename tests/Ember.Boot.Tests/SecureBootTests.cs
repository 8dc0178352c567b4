using System;
using System.IO;
using System.Threading.Tasks;
using Ember.Sdk.Images;
using Ember.Sdk.Pe;
using Ember.Sdk.Signing;
using Ember.Sdk.Validation;

namespace Ember.Boot.Tests;

/// <summary>What firmware with Secure Boot says to a core that we signed. The core is all there is on the key: it starts, says its
/// first line, and misses its plan.</summary>
public sealed class SecureBootTests(ApplianceFixture fixture) : IClassFixture<ApplianceFixture>
{
    private const string Refusal = "Access Denied";

    [Fact]
    public Task A_signed_core_starts() => BootAsync("secure-signed", Sign(Core), async run =>
    {
        await run.ExpectAsync(CoreLines.Prefix);
        Assert.False(run.Said(line => line.Contains(Refusal, StringComparison.Ordinal)), run.Machine.Serial.Text);
    });

    [Fact]
    public Task A_signed_core_with_one_wrong_bit_is_refused()
    {
        byte[] signed = Sign(Core);
        signed[signed.Length / 2] ^= 1;
        return BootAsync("secure-damaged", signed, RefusedAsync);
    }

    [Fact]
    public Task An_unsigned_core_is_refused() => BootAsync("secure-unsigned", [.. Core.Bytes], RefusedAsync);

    private PeImage Core => PeImage.Read(Path.Combine(fixture.Reference.Folder.Folder, "core.efi"));

    private static byte[] Sign(PeImage core)
    {
        using RsaSigningKey key = RsaSigningKey.OpenPem(
            QemuMachine.SecureBootKey, QemuMachine.SecureBootCertificate, () => QemuMachine.SecureBootKeyPassword);
        return Authenticode.Sign(core, key);
    }

    private static async Task RefusedAsync(BootRun run)
    {
        await run.ExpectAsync(Refusal);
        Assert.False(run.Said(line => line.Contains(CoreLines.Prefix, StringComparison.Ordinal)), run.Machine.Serial.Text);
    }

    private Task BootAsync(string name, byte[] application, Func<BootRun, Task> test)
    {
        string image = Path.Combine(fixture.Folder, name + ".img");
        ImageWriter.Write(
            new ImageRequest { Name = name, Files = [ImageFile.FromBytes("EFI/BOOT/BOOTX64.EFI", application)] }, image);
        return BootRun.InAsync(fixture.Repository, new MachineOptions(image) { SecureBoot = true }, name, test);
    }
}
