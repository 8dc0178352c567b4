using System;
using System.Collections.Generic;
using System.Linq;

namespace Ember.Sdk.Validation;

/// <summary>Where the time went, from power-on to power-off, read from what a machine sent over its serial port.</summary>
public sealed class Timeline
{
    private Timeline(IReadOnlyList<TimelinePhase> phases, TimeSpan? bootTimer, TimeSpan total)
    {
        Phases = phases;
        BootTimer = bootTimer;
        Total = total;
    }

    /// <summary>The phases that were reached, in order; the last one is left out when the machine did not get through
    /// it.</summary>
    public IReadOnlyList<TimelinePhase> Phases { get; }

    /// <summary>From the first guest's start to its user space, by the core's own clock; null when it did not get
    /// there.</summary>
    public TimeSpan? BootTimer { get; }

    /// <summary>From power-on to the end.</summary>
    public TimeSpan Total { get; }

    /// <summary>True when a guest said that its user space runs.</summary>
    public bool ReachedUserSpace => BootTimer is not null;

    /// <summary>Reads the milestones from <paramref name="lines"/>; those of the first virtual machine count.</summary>
    /// <param name="lines">Every line of the machine, in order.</param>
    /// <param name="end">When the machine ended, counted like the lines' times.</param>
    public static Timeline Read(IReadOnlyList<SerialLine> lines, TimeSpan end)
    {
        TimeSpan? First(Predicate<string> milestone) => lines.FirstOrDefault(line => milestone(line.Text))?.Time;

        TimeSpan? core = First(CoreLines.IsFromCore);
        TimeSpan? running = First(CoreLines.IsRunning);
        TimeSpan? verified = lines.LastOrDefault(line => CoreLines.IsVerified(line.Text))?.Time;
        TimeSpan? userSpace = First(line => CoreLines.ReadBootTimer(line, CoreLines.UserSpaceStep) is not null);
        TimeSpan? poweredOff = First(CoreLines.IsPoweredOff);
        List<TimelinePhase> phases = [];
        TimeSpan reached = TimeSpan.Zero;
        void Add(string name, string meaning, TimeSpan? until)
        {
            if (until is { } time && time >= reached)
            {
                phases.Add(new TimelinePhase(name, meaning, reached, time - reached));
                reached = time;
            }
        }

        Add("firmware", "power-on to the core's first line", core);
        Add("load and verify", "to the last file verified", verified);
        Add("core", "to the guest's start", running);
        Add("guest kernel", "to the guest's boot timer", userSpace);
        Add("guest user space", "to the guest's power-off", poweredOff);
        if (poweredOff is not null)
        {
            Add("power-off", "to the machine's end", end);
        }

        TimeSpan? bootTimer = lines
            .Select(line => CoreLines.ReadBootTimer(line.Text, CoreLines.UserSpaceStep))
            .FirstOrDefault(time => time is not null);
        return new Timeline(phases, bootTimer, end);
    }
}
