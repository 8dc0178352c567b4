using System;
using System.Linq;
using Ember.Sdk.Validation;

namespace Ember.Cli.Tests.Validation;

public sealed class TimelineTests
{
    [Fact]
    public void A_complete_run_has_six_phases_without_gaps()
    {
        Timeline timeline = Timeline.Read(RecordedLog.Read(RecordedLog.Complete), TimeSpan.FromSeconds(6.75));
        Assert.Equal(
            [
                ("firmware", 3.0), ("load and verify", 0.5), ("core", 0.25), ("guest kernel", 2.4), ("guest user space", 0.35),
                ("power-off", 0.25),
            ],
            timeline.Phases.Select(phase => (phase.Name, Math.Round(phase.Duration.TotalSeconds, 3))));
        Assert.Equal(TimeSpan.FromSeconds(2.345), timeline.BootTimer);
        Assert.True(timeline.ReachedUserSpace);
        Assert.Equal(timeline.Total, timeline.Phases.Aggregate(TimeSpan.Zero, (sum, phase) => sum + phase.Duration));
        for (int i = 1; i < timeline.Phases.Count; i++)
        {
            Assert.Equal(timeline.Phases[i - 1].Start + timeline.Phases[i - 1].Duration, timeline.Phases[i].Start);
        }
    }

    [Theory]
    [InlineData("ember: Ember", 0)]
    [InlineData("vmlinuz verified", 2)]
    [InlineData("vm linux running", 2)]
    [InlineData("boot timer 1", 3)]
    [InlineData("powered off", 4)]
    public void A_run_that_ended_early_has_the_phases_it_got_through(string missing, int phases)
    {
        Timeline timeline = Timeline.Read(RecordedLog.Before(missing), TimeSpan.FromSeconds(60));
        Assert.Equal(phases, timeline.Phases.Count);
        Assert.Equal(phases > 3, timeline.ReachedUserSpace);
    }

    [Theory]
    [InlineData("ember: vm linux: boot timer 2 at 2.345 s")]
    [InlineData("ember: vm linux: boot timer 1 at 2,345 s")]
    [InlineData("ember: vm linux: boot timer 1 at 99999999999999999999999999 s")]
    [InlineData("ember: vm linux: boot timer 1 at  s")]
    [InlineData(" ember: vm linux: boot timer 1 at 2.345 s")]
    [InlineData("echo ember: vm linux: boot timer 1 at 2.345 s")]
    public void Only_the_line_itself_says_that_user_space_was_reached(string line)
    {
        Assert.Null(CoreLines.ReadBootTimer(line, CoreLines.UserSpaceStep));
    }

    [Fact]
    public void The_first_machine_counts_when_there_are_two()
    {
        Timeline timeline = Timeline.Read(
            RecordedLog.Read("""
                1 ember: Ember 1
                2 ember: vm a running
                3 ember: vm b running
                4 ember: vm a: boot timer 1 at 2.0 s
                5 ember: vm b: boot timer 1 at 9.0 s
                """),
            TimeSpan.FromSeconds(6));
        Assert.Equal(TimeSpan.FromSeconds(2), timeline.BootTimer);
        Assert.Equal(TimeSpan.FromSeconds(2), timeline.Phases.Single(phase => phase.Name == "guest kernel").Duration);
    }

    [Fact]
    public void A_machine_that_said_nothing_has_no_phase()
    {
        Assert.Empty(Timeline.Read([], TimeSpan.FromSeconds(1)).Phases);
    }
}
