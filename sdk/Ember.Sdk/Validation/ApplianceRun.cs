using System;
using System.Threading;
using System.Threading.Tasks;

namespace Ember.Sdk.Validation;

/// <summary>One run of an image in an emulated machine, from power-on to its verdict.</summary>
/// <param name="clock">Times the run.</param>
public sealed class ApplianceRun(TimeProvider clock)
{
    /// <summary>The text that ends the run well, or null when the machine has to power itself off.</summary>
    public string? Until { get; init; }

    /// <summary>The time after which the run is given up; null for never.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Where to put a picture of the screen as it was at the end, or null.</summary>
    public string? Screenshot { get; init; }

    /// <summary>Watches <paramref name="machine"/> until its end and stops it.</summary>
    /// <param name="machine">The machine, just started.</param>
    /// <param name="quit">Done when a person wants to leave; null when nobody can.</param>
    /// <param name="cancellation">Gives the run up without a verdict.</param>
    public async Task<RunResult> WatchAsync(IEmulatedMachine machine, Task? quit = null, CancellationToken cancellation = default)
    {
        Task seen = Until is null ? Never<bool>() : ComesAsync(machine, Until, cancellation);
        using CancellationTokenSource timer = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task timeout = Timeout is { } limit ? Task.Delay(limit, clock, timer.Token) : Never<bool>();
        Task stays = ComesAsync(machine, CoreLines.Stays, cancellation);
        Task first = await Task.WhenAny(seen, machine.Ended, stays, timeout, quit ?? Never<bool>());
        cancellation.ThrowIfCancellationRequested();
        TimeSpan duration = machine.Serial.Elapsed;
        bool over = machine.Ended.IsCompleted;
        if (Screenshot is not null && !(over && await machine.Ended == MachineEnd.EmulatorDied))
        {
            await machine.TakeScreenshotAsync(Screenshot, cancellation);
        }

        await machine.StopAsync(cancellation);
        await timer.CancelAsync();
        MachineEnd end = over ? await machine.Ended : MachineEnd.None;
        bool untilSeen = Until is not null && await machine.Serial.WaitForAsync(Until, cancellation);
        RunVerdict verdict = RunVerdict.Judge(
            machine.Serial.Lines,
            end,
            Until,
            untilSeen,
            first == timeout ? Timeout : null,
            end == MachineEnd.EmulatorDied ? await machine.ReadErrorTextAsync() : "");
        return new RunResult(verdict, end, Timeline.Read(machine.Serial.Lines, duration), first == quit);
    }

    // Done when the text has come; a machine that ends without it ends the run by that.
    private static async Task ComesAsync(IEmulatedMachine machine, string text, CancellationToken cancellation)
    {
        if (!await machine.Serial.WaitForAsync(text, cancellation))
        {
            await Never<bool>();
        }
    }

    private static Task<T> Never<T>() => new TaskCompletionSource<T>().Task;
}
