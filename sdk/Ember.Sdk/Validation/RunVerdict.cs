using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Ember.Sdk.Validation;

/// <summary>Whether a run of an image did what it should, and if not, why.</summary>
/// <param name="Reason">Null when it did; else one or two sentences for a person.</param>
public sealed record RunVerdict(string? Reason)
{
    /// <summary>True when the run did what it should.</summary>
    public bool Passed => Reason is null;

    /// <summary>
    /// Judges a run: every guest that was started has to reach user space and the machine to power off by itself, or, when a text was
    /// waited for, that text to come.
    /// </summary>
    /// <param name="lines">What the machine sent.</param>
    /// <param name="end">How it ended.</param>
    /// <param name="until">The text that was waited for, or null.</param>
    /// <param name="untilSeen">Whether it came.</param>
    /// <param name="timedOutAfter">The time after which the run was given up, or null when it was not.</param>
    /// <param name="emulatorError">What the emulator complained about.</param>
    public static RunVerdict Judge(
        IReadOnlyList<SerialLine> lines,
        MachineEnd end,
        string? until,
        bool untilSeen,
        TimeSpan? timedOutAfter,
        string emulatorError)
    {
        if (until is not null && untilSeen)
        {
            return new RunVerdict(Reason: null);
        }

        if (lines.FirstOrDefault(line => line.Text.StartsWith(CoreLines.Fault, StringComparison.Ordinal)) is { } fault)
        {
            return new RunVerdict($"the core faulted: {fault.Text}");
        }

        if (lines.FirstOrDefault(line => CoreLines.IsStopped(line.Text)) is { } stopped)
        {
            return new RunVerdict($"the guest was stopped: {stopped.Text}");
        }

        if (lines.Any(line => line.Text.StartsWith(CoreLines.Stays, StringComparison.Ordinal)))
        {
            return new RunVerdict($"the core stopped; before that it said '{Cause(lines)}'");
        }

        if (end == MachineEnd.EmulatorDied)
        {
            string said = emulatorError.Length == 0 ? "it said nothing" : emulatorError;
            return new RunVerdict($"the emulator ended by itself: {said}");
        }

        string awaited = until is null ? "the guest reached user space and powered off" : $"'{until}' came";
        if (timedOutAfter is { } limit)
        {
            string seconds = limit.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture);
            return new RunVerdict($"{seconds} s passed before {awaited}; {Last(lines)}");
        }

        if (until is not null || !Timeline.Read(lines, TimeSpan.Zero).ReachedUserSpace)
        {
            return new RunVerdict($"the machine {Describe(end)} before {awaited}; {Last(lines)}");
        }

        if (lines.Select(line => CoreLines.ReadMachine(line.Text)).OfType<string>().FirstOrDefault(name => !ReachedUserSpace(lines, name))
            is { } behind)
        {
            return new RunVerdict($"the machine {Describe(end)} before vm '{behind}' reached user space; {Last(lines)}");
        }

        return end == MachineEnd.PoweredOff
            ? new RunVerdict(Reason: null)
            : new RunVerdict($"the guest reached user space, but then the machine {Describe(end)}; {Last(lines)}");
    }

    private static bool ReachedUserSpace(IReadOnlyList<SerialLine> lines, string machine) => lines.Any(line =>
        CoreLines.ReadMachine(line.Text) == machine && CoreLines.ReadBootTimer(line.Text, CoreLines.UserSpaceStep) is not null);

    private static string Describe(MachineEnd end) => end switch
    {
        MachineEnd.PoweredOff => "powered off",
        MachineEnd.Reset => "was reset",
        _ => "was stopped",
    };

    // What the core says before it stays is why it does.
    private static string Cause(IReadOnlyList<SerialLine> lines) => lines
        .TakeWhile(line => !line.Text.StartsWith(CoreLines.Stays, StringComparison.Ordinal))
        .LastOrDefault(line => CoreLines.IsFromCore(line.Text))?.Text.Trim() ?? "nothing";

    // The core's last line says where it stood; before its first one, the firmware's does.
    private static string Last(IReadOnlyList<SerialLine> lines)
    {
        SerialLine? last = lines.LastOrDefault(line => CoreLines.IsFromCore(line.Text))
            ?? lines.LastOrDefault(line => !string.IsNullOrWhiteSpace(line.Text));
        return last is null ? "nothing came over its serial port" : $"the last it said was '{last.Text.Trim()}'";
    }
}
