using System;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using Ember.Boot.Tests.Tpm;
using Ember.Formats.Measurements;
using Ember.Sdk.Banks;
using Ember.Sdk.Images;
using Ember.Sdk.Payloads;
using Ember.Sdk.Pe;
using Ember.Sdk.Signing;
using Ember.Sdk.Validation;

namespace Ember.Boot.Tests;

/// <summary>What a TPM holds once the loader has started a bank. In the core's place is an application that reads the TPM.</summary>
public sealed class MeasuredBootTests(ApplianceFixture fixture) : IClassFixture<ApplianceFixture>
{
    private const uint BootApplications = 4;
    private const string Measured = "ember: TPM: bank.manifest measured into PCR 11, appliance.plan into PCR 12";

    [Fact]
    public async Task A_key_leaves_the_predicted_registers_and_an_event_for_each()
    {
        KeyFiles files = SignReader("1.0.0");
        Check(files, await BootAsync("tpm-key", files));
    }

    [Fact]
    public async Task Another_version_changes_the_register_of_the_bank_as_predicted_and_not_that_of_the_plan()
    {
        KeyFiles files = SignReader("1.0.1");
        Assert.Equal([true, false], SignReader("1.0.0").Pcrs.Zip(files.Pcrs, (old, pcr) => old.Value != pcr.Value));
        Check(files, await BootAsync("tpm-version", files));
    }

    [Fact]
    public async Task The_file_for_network_boot_leaves_the_same_registers_as_a_key()
    {
        KeyFiles files = SignReader("1.0.0");
        string file = Path.Combine(Directory.CreateDirectory(Path.Combine(fixture.Folder, "tpm-network")).FullName, "network.efi");
        using (ISigningKey key = CommonTestKey.Open())
        {
            Assert.True(NetworkLoader.Write(files.UnsignedLoader, files.Bank, key, file));
        }

        MachineOptions options = new(file) { BootsFromNetwork = true, HasTpm = true };
        TpmContents? contents = null;
        await BootRun.InAsync(
            fixture.Repository, options, "tpm-network", async run => contents = await TpmContents.ReadAsync(run));
        Check(files, contents!);
    }

    [Fact]
    public Task The_reference_image_is_measured_before_its_core_starts() => BootRun.InAsync(
        fixture.Repository,
        new MachineOptions(fixture.Reference.Folder.Image) { HasTpm = true },
        "tpm-reference",
        async run =>
        {
            await run.ExpectEndAsync(MachineEnd.PoweredOff);
            string[] lines = [.. run.Machine.Serial.Lines.Select(line => line.Text)];
            int measured = Array.IndexOf(lines, Measured);
            int started = Array.IndexOf(lines, "ember: [2/4] leaving the firmware");
            Assert.True(measured >= 0 && measured < started, run.Machine.Serial.Text);
            Assert.Contains("guest: user space reached", lines);
        });

    private void Check(KeyFiles files, TpmContents contents)
    {
        Assert.Equal(
            files.Pcrs.Select(pcr => (pcr.Index, pcr.Value)), files.Pcrs.Select(pcr => (pcr.Index, contents.Registers[(int)pcr.Index])));

        // These are nobody else's: each was extended by one event, with this text.
        EventLogEntry[] ours = [.. contents.Log.Where(entry => files.Pcrs.Any(pcr => pcr.Index == entry.Register))];
        Assert.Equal(
            files.Pcrs.Select(pcr => (pcr.Index, BootMeasurements.EventType, pcr.Event + '\0', pcr.Digest)),
            ours.Select(entry => (
                entry.Register, entry.Type, Encoding.ASCII.GetString(entry.Data), Convert.ToHexStringLower(entry.Digest))));

        // The core is one of the firmware's own measurements too, as every application that it starts.
        byte[] core = Authenticode.Digest(PeImage.Read(TpmContents.Application(fixture.Repository)));
        Assert.Contains(contents.Log, entry => entry.Register == BootApplications && entry.Digest.AsSpan().SequenceEqual(core));
        Assert.All(
            contents.Log.GroupBy(entry => entry.Register).Where(entries => entries.Key != 0),
            entries => Assert.Equal(
                contents.Registers[(int)entries.Key], Convert.ToHexStringLower(EventLogEntry.Replay(entries))));
    }

    private KeyFiles SignReader(string version)
    {
        using ISigningKey key = CommonTestKey.Open();
        return KeyFiles.Sign(
            PeImage.Read(fixture.Compiled.Loader),
            PeImage.Read(TpmContents.Application(fixture.Repository)),
            new BankDescription("Ember", "TPM test", version, 1, IsTestKey: false),
            new CompiledAppliance("the loader does not read it"u8.ToArray(), []),
            key,
            key,
            _ => [])!;
    }

    private async Task<TpmContents> BootAsync(string name, KeyFiles files)
    {
        KeyContent content = new()
        {
            Name = name,
            Loader = files.Loader,
            BankA = files.Bank,
            BankB = [],
            State = BankStateWriter.Manufacture((int)KeyLayout.StateSize, hasB: false),
        };
        string image = Path.Combine(fixture.Folder, name + ".img");
        ImageWriter.Write(KeyLayout.Standard.Request(content), image);
        TpmContents? contents = null;
        await BootRun.InAsync(fixture.Repository, new MachineOptions(image) { HasTpm = true }, name, async run =>
        {
            contents = await TpmContents.ReadAsync(run);
            Assert.True(run.Said(line => line == Measured), run.Machine.Serial.Text);
        });
        return contents!;
    }
}
