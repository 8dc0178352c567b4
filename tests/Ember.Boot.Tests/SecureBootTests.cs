using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Ember.Formats;
using Ember.Sdk.Banks;
using Ember.Sdk.Compilation;
using Ember.Sdk.Fat;
using Ember.Sdk.Gpt;
using Ember.Sdk.Images;
using Ember.Sdk.Signing;
using Ember.Sdk.Validation;

namespace Ember.Boot.Tests;

/// <summary>What firmware with Secure Boot says to keys that were signed, were not, and were changed.</summary>
public sealed class SecureBootTests(ApplianceFixture fixture) : IClassFixture<ApplianceFixture>
{
    private const string Refusal = "Access Denied";

    [Fact]
    public async Task A_key_signed_with_a_key_that_the_firmware_trusts_boots_to_its_guest()
    {
        BuildResult built = await BuildTrustedAsync("secure-signed");
        await BootAsync("secure-signed", built.Folder.Image, async run =>
        {
            await run.ExpectEndAsync(MachineEnd.PoweredOff);
            Assert.True(run.Said(line => line.Contains("guest: user space reached", StringComparison.Ordinal)), run.Machine.Serial.Text);
        });
    }

    [Fact]
    public async Task A_loader_with_one_wrong_bit_is_refused()
    {
        BuildResult built = await BuildTrustedAsync("secure-damaged");
        byte[] loader = ReadFile(built.Folder.Image, KeyLayout.EspName, FlashLayout.LoaderPath);
        loader[loader.Length / 2] ^= 1;
        await BootAsync("secure-damaged", Write("secure-damaged", loader, built.Folder.Image), RefusedAsync);
    }

    [Fact]
    public Task A_loader_that_the_firmware_does_not_trust_is_refused() =>
        BootAsync("secure-untrusted", fixture.Reference.Folder.Image, RefusedAsync);

    [Fact]
    public async Task A_core_that_the_firmware_does_not_trust_is_refused_by_it_however_the_bank_is_signed()
    {
        BuildResult trusted = await BuildTrustedAsync("secure-core");
        byte[] loader = ReadFile(trusted.Folder.Image, KeyLayout.EspName, FlashLayout.LoaderPath);
        await BootAsync("secure-core", Write("secure-core", loader, fixture.Reference.Folder.Image), async run =>
        {
            await run.ExpectAsync("ember: Secure Boot refuses core.efi");
            await run.ExpectAsync("ember: stopped: press a key");
            Assert.False(run.Said(line => line.StartsWith("ember: [2/4]", StringComparison.Ordinal)), run.Machine.Serial.Text);
        });
    }

    private async Task<BuildResult> BuildTrustedAsync(string name)
    {
        using RsaSigningKey key = RsaSigningKey.OpenPem(
            QemuMachine.SecureBootKey, QemuMachine.SecureBootCertificate, () => QemuMachine.SecureBootKeyPassword);
        return await fixture.BuildReferenceAsync(name, key);
    }

    private static async Task RefusedAsync(BootRun run)
    {
        await run.ExpectAsync(Refusal);
        Assert.False(run.Said(CoreLines.IsFromCore), run.Machine.Serial.Text);
    }

    private Task BootAsync(string name, string image, Func<BootRun, Task> test) =>
        BootRun.InAsync(fixture.Repository, new MachineOptions(image) { SecureBoot = true }, name, test);

    /// <summary>Writes an image with a loader and the banks of another image.</summary>
    private string Write(string name, byte[] loader, string banks)
    {
        string image = Path.Combine(fixture.Folder, name + ".img");
        ImageFile[] bank = [.. Entries(banks, KeyLayout.BankAName)
            .Select(file => ImageFile.FromBytes(file.Path, ReadFile(banks, KeyLayout.BankAName, file.Path)))];
        KeyContent content = new()
        {
            Name = name,
            Loader = loader,
            BankA = bank,
            BankB = [],
            State = BankStateWriter.Manufacture((int)KeyLayout.StateSize, hasB: false),
        };
        ImageWriter.Write(KeyLayout.Standard.Request(content), image);
        return image;
    }

    private static byte[] ReadFile(string image, string partition, string path)
    {
        using FileStream stream = File.OpenRead(image);
        return Open(stream, partition).ReadFile(path);
    }

    private static FatEntry[] Entries(string image, string partition)
    {
        using FileStream stream = File.OpenRead(image);
        return [.. Open(stream, partition).Entries.Where(entry => !entry.IsDirectory)];
    }

    private static FatReader Open(FileStream image, string partition)
    {
        GptPartition found = GptReader.Read(image).Partitions.Single(candidate => candidate.Name == partition);
        return FatReader.Open(image, found.FirstLba * GptTable.SectorSize, found.SectorCount * GptTable.SectorSize);
    }
}
