using System;
using System.IO;
using System.Threading.Tasks;
using Ember.Formats.Banks;
using Ember.Sdk.Banks;
using Ember.Sdk.Compilation;
using Ember.Sdk.Gpt;
using Ember.Sdk.Images;
using Ember.Sdk.Validation;

namespace Ember.Boot.Tests;

/// <summary>An update that the loader takes from a second key, and those it refuses.</summary>
public sealed class SecondKeyTests(ApplianceFixture fixture) : IClassFixture<ApplianceFixture>
{
    [Fact]
    public async Task A_bundle_on_a_second_key_updates_the_appliance_once() =>
        await UpdatesAsync("second-whole", (await BuildAsync("second-whole", "version = \"0.1.0\"", "version = \"0.2.0\"")).Folder.Bundle);

    [Fact]
    public async Task A_delta_to_the_version_that_was_written_at_manufacture_does_too()
    {
        BuildResult built = await BuildAsync("second-delta", "version = \"0.1.0\"", "version = \"0.2.0\"");
        string path = Path.Combine(fixture.Folder, "ember.delta");
        using (BundleFile older = BundleFile.Open(fixture.Reference.Folder.Bundle))
        using (BundleFile newer = BundleFile.Open(built.Folder.Bundle))
        {
            BundleDelta.Write(older, newer, path);
        }

        Assert.InRange(new FileInfo(path).Length, 1, 256 * 1024);
        await UpdatesAsync("second-delta", path);
    }

    [Fact]
    public async Task A_bundle_of_another_product_is_refused()
    {
        BuildResult built = await BuildAsync("second-other", "product = \"Ember", "product = \"Other");
        await RefusesAsync("second-other", await File.ReadAllBytesAsync(built.Folder.Bundle), "refused: it is for another product");
    }

    [Fact]
    public async Task A_bundle_with_a_bit_that_differs_is_refused()
    {
        BuildResult built = await BuildAsync("second-damaged", "version = \"0.1.0\"", "version = \"0.2.0\"");
        byte[] bundle = await File.ReadAllBytesAsync(built.Folder.Bundle);
        bundle[bundle.Length / 2] ^= 1;
        await RefusesAsync("second-damaged", bundle, "is damaged: its content is not what was written; copy it again");
    }

    /// <summary>Boots twice with a bundle of version 0.2.0 on a second key.</summary>
    private async Task UpdatesAsync(string name, string bundle)
    {
        string second = SecondKey(name, await File.ReadAllBytesAsync(bundle));
        string image = fixture.Damage(name, "none");
        string variables = Path.Combine(fixture.Folder, name + ".fd");
        await BootAsync(name, image, second, variables, async run =>
        {
            await run.ExpectEndAsync(MachineEnd.PoweredOff);
            RequireSaid(run, "ember: bank A 0.1.0 verified");
            RequireSaid(run, "ember: ember.bundle: writing bank B: version 0.2.0");
            RequireSaid(run, "ember: ember.bundle: 50 %");
            RequireSaid(run, "ember: ember.bundle: written and read back; it is tried now");
            RequireSaid(run, "ember: bank B 0.2.0 verified");
            RequireSaid(run, "guest: user space reached");
            RequireSaid(run, "ember: this start is confirmed: the bank is good");
        });
        await BootAsync(name + "-again", image, second, variables, async run =>
        {
            await run.ExpectAsync("ember: bank B: confirmed: ");
            await run.ExpectAsync("ember: ember.bundle: nothing to be done: it is on the key");
            await run.ExpectAsync("ember: [2/4] ");
        });
        BankState state = KeyState.Read(image);
        Assert.Equal((BankSlot.B, BankCondition.Good, BankCondition.Good), (state.Preferred, state.A.Condition, state.B.Condition));
    }

    private static void RequireSaid(BootRun run, string start) =>
        Assert.True(run.Said(line => line.StartsWith(start, StringComparison.Ordinal)), $"'{start}' is missing:\n{run.Machine.Serial.Text}");

    private async Task RefusesAsync(string name, byte[] bundle, string expected)
    {
        string image = fixture.Damage(name, "none");
        byte[] before = await File.ReadAllBytesAsync(image);
        await BootAsync(name, image, SecondKey(name, bundle), null, async run =>
        {
            await run.ExpectAsync("ember: ember.bundle: " + expected);
            await run.ExpectAsync("ember: [2/4] ");
            RequireSaid(run, "ember: bank A 0.1.0 verified");
        });
        Assert.True((await File.ReadAllBytesAsync(image)).AsSpan().SequenceEqual(before), "the key was written to");
    }

    /// <summary>Builds the reference appliance with one text in its manifest changed.</summary>
    private Task<BuildResult> BuildAsync(string name, string old, string changed) =>
        fixture.BuildReferenceAsync(name + "-bundle", manifest =>
        {
            Assert.Contains(old, manifest, StringComparison.Ordinal);
            return manifest.Replace(old, changed, StringComparison.Ordinal);
        });

    /// <summary>A key as people have it, with the bundle in its root.</summary>
    private string SecondKey(string name, byte[] bundle)
    {
        string path = Path.Combine(fixture.Folder, name + "-second.img");
        ImageWriter.Write(
            new ImageRequest
            {
                Name = "second",
                Partitions =
                [
                    new FatPartition
                    {
                        Name = "STICK",
                        Type = GptPartitionType.BasicData,
                        Label = "STICK",
                        Files = [ImageFile.FromBytes("ember.bundle", bundle)],
                    },
                ],
            },
            path);
        return path;
    }

    private Task BootAsync(string name, string image, string second, string? variables, Func<BootRun, Task> test) => BootRun.InAsync(
        fixture.Repository,
        new MachineOptions(image) { Variables = variables, WritesImage = true, SecondKey = second },
        name,
        test);
}
