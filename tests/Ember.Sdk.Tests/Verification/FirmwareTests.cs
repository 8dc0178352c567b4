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
    private const string NothingToBoot = "No bootable option or device was found";

    /// <summary>So many times as long as a good key takes, a firmware that says nothing hangs.</summary>
    private const int Patience = 12;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    [Trait("Category", "Slow")]
    public async Task The_page_tells_which_planted_defects_keep_OVMF_from_starting_the_loader()
    {
        byte[] good = ImageVerifierTests.Good;
        long start = TimeProvider.System.GetTimestamp();
        Assert.Equal(Outcome.Starts, await BootAsync(good, "good", TimeSpan.FromMinutes(4)));
        TimeSpan patience = TimeProvider.System.GetElapsedTime(start) * Patience;
        PlantedDefect[] defects = [.. TableDefects.All, .. FatDefects.All, .. FolderDefects.All];
        Outcome[] outcomes = new Outcome[defects.Length];
        await Parallel.ForAsync(0, defects.Length, new ParallelOptions { MaxDegreeOfParallelism = 2 }, async (i, _) =>
            outcomes[i] = await BootAsync(defects[i].Make(new KeyBytes([.. good])), $"key-{i}", patience));

        string sentence = $"OVMF starts the loader from {outcomes.Count(outcome => outcome == Outcome.Starts)} of these {defects.Length}. "
            + $"It finds none with: {NamesOf(Outcome.FindsNone)}. It hangs with: {NamesOf(Outcome.Hangs)}.";
        Assert.True(VerificationPageTests.Page.Contains(sentence, StringComparison.Ordinal), sentence);

        string NamesOf(Outcome outcome) => string.Join("; ", defects.Zip(outcomes).Where(pair => pair.Second == outcome).Select(pair => pair.First.Name));
    }

    private async Task<Outcome> BootAsync(byte[] key, string name, TimeSpan patience)
    {
        string image = _folder[name];
        await File.WriteAllBytesAsync(image, key);
        using CancellationTokenSource deadline = new(patience);
        await using QemuMachine machine = await QemuMachine.StartAsync(new MachineOptions(image), HostSystem.Current, TimeProvider.System);
        try
        {
            Task<bool> started = machine.Serial.WaitForAsync(SmallEfi.Text, deadline.Token);
            Task<bool> refused = machine.Serial.WaitForAsync(NothingToBoot, deadline.Token);
            bool starts = await Task.WhenAny(started, refused) == started && await started;
            Assert.True(starts || await refused, $"{name}: OVMF ended:\n{machine.Serial.Text}");
            return starts ? Outcome.Starts : Outcome.FindsNone;
        }
        catch (OperationCanceledException)
        {
            return Outcome.Hangs;
        }
        finally
        {
            await machine.StopAsync(CancellationToken.None);
            File.Delete(image);
        }
    }

    private enum Outcome
    {
        Starts,
        FindsNone,
        Hangs,
    }
}
