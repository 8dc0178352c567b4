using System;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Ember.Sdk.Hosts;
using Ember.Sdk.Tests.Hosting;
using Ember.Sdk.Validation;

namespace Ember.Sdk.Tests.Verification;

/// <summary>What a firmware makes of keys that are not as they must be: it starts the loader of most of them.</summary>
public sealed class FirmwareTests : IDisposable
{
    private const string NextOption = "EFI Internal Shell";

    private static readonly TimeSpan _limit = TimeSpan.FromMinutes(4);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    [Trait("Category", "Slow")]
    public async Task The_page_tells_which_planted_defects_keep_OVMF_from_starting_the_loader()
    {
        byte[] good = ImageVerifierTests.Good;
        Assert.True(await StartsAsync(good, "good"), "OVMF does not start the loader of a good key");
        PlantedDefect[] defects = VerificationPageTests.Defects;
        bool[] starts = new bool[defects.Length];
        await Parallel.ForAsync(0, defects.Length, new ParallelOptions { MaxDegreeOfParallelism = 2 }, async (i, _) =>
            starts[i] = await StartsAsync(defects[i].Make(new KeyBytes([.. good])), $"key-{i}"));

        string sentence = $"OVMF starts the loader from {starts.Count(start => start)} of them, and finds none with: "
            + string.Join("; ", defects.Where((_, i) => !starts[i]).Select(defect => defect.Name)) + ".";
        Assert.True(VerificationPageTests.Page.Contains(sentence, StringComparison.Ordinal), sentence);
    }

    private async Task<bool> StartsAsync(byte[] key, string name)
    {
        string image = _folder[name];
        await File.WriteAllBytesAsync(image, key);
        using CancellationTokenSource deadline = new(_limit);

        // OVMF writes one header of the table over the other. From a key that is write-protected it tries that for minutes.
        await using QemuMachine machine = await QemuMachine.StartAsync(
            new MachineOptions(image) { WritesImage = true }, HostSystem.Current, TimeProvider.System);
        Task<bool> started = machine.Serial.WaitForAsync(SmallEfi.Text, deadline.Token);
        Task<bool> refused = machine.Serial.WaitForAsync(NextOption, deadline.Token);
        bool starts = await Task.WhenAny(started, refused) == started && await started;
        Assert.True(starts || await refused, $"{name}: OVMF ended:\n{machine.Serial.Text}");
        await machine.StopAsync(CancellationToken.None);
        File.Delete(image);
        return starts;
    }
}
