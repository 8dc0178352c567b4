using System;
using System.Collections.Generic;
using System.Globalization;
using Ember.Sdk.Media;

namespace Ember.Cli.Terminals;

/// <summary>Shows how far the writing of a key has come, how fast it goes and how long it will take yet; and keeps its times.</summary>
/// <param name="clock">Measures.</param>
/// <param name="isTerminal">True to show it several times a second; false for a line at each tenth.</param>
/// <param name="show">Takes a line.</param>
internal sealed class TransferProgress(TimeProvider clock, bool isTerminal, Action<string> show)
{
    private const int Steps = 10;

    private static readonly TimeSpan _period = TimeSpan.FromMilliseconds(200);

    private readonly Dictionary<MediumPhase, TimeSpan> _times = [];
    private MediumPhase? _phase;
    private long _began;
    private long _shown;
    private long _step;

    /// <summary>How long a phase took; zero if there was none.</summary>
    public TimeSpan TimeOf(MediumPhase phase) => _times.GetValueOrDefault(phase);

    /// <summary>Takes how far it has come.</summary>
    public void Report(MediumProgress progress)
    {
        long now = clock.GetTimestamp();
        bool isNew = _phase != progress.Phase;
        if (isNew)
        {
            // What leads from one phase to the next belongs to neither.
            _phase = progress.Phase;
            _began = now;
            _step = 0;
        }

        TimeSpan time = clock.GetElapsedTime(_began, now);
        _times[progress.Phase] = time;
        long step = progress.Total == 0 ? Steps : progress.Done * Steps / progress.Total;
        if (isNew || (isTerminal ? clock.GetElapsedTime(_shown, now) >= _period : step > _step))
        {
            _shown = now;
            _step = step;
            show(Line(progress, time));
        }
    }

    /// <summary>Bytes in a second.</summary>
    public static double Rate(long bytes, TimeSpan time) => time > TimeSpan.Zero ? bytes / time.TotalSeconds : 0;

    private static string Line(MediumProgress progress, TimeSpan time)
    {
        double rate = Rate(progress.Done, time);
        string name = progress.Phase switch
        {
            MediumPhase.Reading => "checking the image",
            MediumPhase.Marking => "measuring the device: writing",
            MediumPhase.Measuring => "measuring the device: reading",
            MediumPhase.Comparing => "comparing",
            MediumPhase.Writing => "writing",
            _ => "reading back",
        };
        string left = "";
        if (rate > 0)
        {
            TimeSpan rest = TimeSpan.FromSeconds(Math.Ceiling((progress.Total - progress.Done) / rate));
            left = string.Create(CultureInfo.InvariantCulture, $", {rate / 1e6:0.0} MB/s, {(long)rest.TotalMinutes}:{rest.Seconds:00} left");
        }

        double percent = progress.Total == 0 ? 100 : 100.0 * progress.Done / progress.Total;
        return string.Create(CultureInfo.InvariantCulture, $"{name}: {Math.Floor(percent):0} %{left}");
    }
}
