using System;
using System.Globalization;
using System.IO;
using System.Linq;
using Ember.Sdk.Validation;

namespace Ember.Cli.Terminals;

/// <summary>Shows where the time of a run went.</summary>
internal static class TimelineTable
{
    /// <summary>Writes the table.</summary>
    public static void Write(TextWriter output, Timeline timeline)
    {
        if (timeline.Phases.Count == 0)
        {
            return;
        }

        int width = timeline.Phases.Max(phase => phase.Name.Length);
        foreach (TimelinePhase phase in timeline.Phases)
        {
            output.WriteLine($"  {phase.Name.PadRight(width)}  {Seconds(phase.Duration),9}  {phase.Meaning}");
        }

        output.WriteLine($"  {"total".PadRight(width)}  {Seconds(timeline.Total),9}  power-on to the machine's end");
        if (timeline.BootTimer is { } bootTimer)
        {
            output.WriteLine($"  by the core's own clock the guest was in user space {Seconds(bootTimer)} after its start");
        }
    }

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.000} s");
}
