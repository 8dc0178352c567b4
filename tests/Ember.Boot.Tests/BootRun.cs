using System;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Ember.Sdk.Compilation;
using Ember.Sdk.Hosts;
using Ember.Sdk.Validation;

namespace Ember.Boot.Tests;

/// <summary>One machine that a test boots; when the test fails, what it sent is kept in <c>artifacts/boot-logs</c>.</summary>
internal sealed class BootRun : IDisposable
{
    private static readonly TimeSpan _limit = TimeSpan.FromMinutes(4);

    private readonly TimeSpan _patience;
    private readonly CancellationTokenSource _deadline;

    private BootRun(IEmulatedMachine machine, TimeSpan patience)
    {
        Machine = machine;
        _patience = patience;
        _deadline = new CancellationTokenSource(patience);
    }

    public IEmulatedMachine Machine { get; }

    /// <summary>Boots a machine for a test.</summary>
    /// <param name="repository">Where its log is kept.</param>
    /// <param name="options">The machine.</param>
    /// <param name="name">Of the log.</param>
    /// <param name="test">The test.</param>
    /// <param name="patience">What all its waiting may take; null for 4 minutes.</param>
    public static async Task InAsync(
        Repository repository, MachineOptions options, string name, Func<BootRun, Task> test, TimeSpan? patience = null)
    {
        string log = Path.Combine(repository.Artifacts, "boot-logs", name + ".log");
        Directory.CreateDirectory(Path.GetDirectoryName(log)!);
        File.Delete(log);
        await using IEmulatedMachine machine = await IEmulatedMachine.StartAsync(options, HostSystem.Current, TimeProvider.System);
        using BootRun run = new(machine, patience ?? _limit);
        try
        {
            await test(run);
        }
        catch
        {
            await File.WriteAllBytesAsync(log, machine.Serial.ToArray());
            throw;
        }
    }

    /// <summary>Waits for a line that contains <paramref name="text"/>.</summary>
    public Task ExpectAsync(string text) => ExpectAsync(text, Machine.Serial.WaitForAsync(text, _deadline.Token));

    /// <summary>Waits for <paramref name="count"/> whole lines that contain <paramref name="text"/>.</summary>
    public Task ExpectCountAsync(string text, int count) =>
        ExpectAsync($"{text} ({count} times)", Machine.Serial.WaitForLinesAsync(text, count, _deadline.Token));

    /// <summary>Waits a while for <paramref name="count"/> whole lines that contain <paramref name="text"/>; false if they do not come.</summary>
    public async Task<bool> SeesCountAsync(string text, int count, TimeSpan patience)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(_deadline.Token);
        limit.CancelAfter(patience);
        try
        {
            Task<bool> seen = Machine.Serial.WaitForLinesAsync(text, count, limit.Token);
            await ExpectAsync($"{text} ({count} times)", seen);
            return true;
        }
        catch (OperationCanceledException) when (!_deadline.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>Waits until the machine has ended as <paramref name="expected"/> and has sent everything.</summary>
    public async Task ExpectEndAsync(MachineEnd expected)
    {
        try
        {
            MachineEnd end = await Machine.Ended.WaitAsync(_deadline.Token);
            await Machine.StopAsync(_deadline.Token);
            Assert.True(end == expected, $"ended {await DescribeEndAsync()}, not as {expected}:\n{Machine.Serial.Text}");
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"did not end within {_patience.TotalMinutes:0} minutes:\n{Machine.Serial.Text}");
        }
    }

    /// <summary>True when the machine sent a line for which <paramref name="condition"/> holds.</summary>
    public bool Said(Predicate<string> condition) => Machine.Serial.Lines.Any(line => condition(line.Text));

    public void Dispose() => _deadline.Dispose();

    private async Task ExpectAsync(string text, Task<bool> seen)
    {
        try
        {
            if (await Task.WhenAny(seen, Machine.Ended) == Machine.Ended)
            {
                await Machine.StopAsync(_deadline.Token);
            }

            Assert.True(await seen, $"ended {await DescribeEndAsync()} without '{text}':\n{Machine.Serial.Text}");
        }
        catch (OperationCanceledException) when (_deadline.IsCancellationRequested)
        {
            Assert.Fail($"'{text}' did not come within {_patience.TotalMinutes:0} minutes:\n{Machine.Serial.Text}");
        }
    }

    /// <summary>How a machine that has ended did, with the emulator's last words: it may be the emulator that is at fault.</summary>
    private async Task<string> DescribeEndAsync() =>
        Machine.Ended.IsCompleted ? $"as {await Machine.Ended} ({await Machine.ReadErrorTextAsync()})" : "";
}
