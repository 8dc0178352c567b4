using Ember.Platform.Interrupts;
using Ember.Platform.Time;

namespace Ember.Platform.Tests.Time;

/// <summary>Clocks measured on a board whose frequencies the test chose.</summary>
public sealed unsafe class TscCalibrationTests
{
    [Theory]
    [InlineData(1_000_000_000.0, 1_000_000_000.0)]
    [InlineData(4_700_000_000.0, 24_000_000.0)]
    [InlineData(2_394_560_000.0, 99_800_000.0)]
    [InlineData(800_000_000.0, 6_250_000.0)]
    public void Frequencies_are_right_to_a_thousandth_whatever_comes_between(double tsc, double timer)
    {
        for (int seed = 0; seed < 40; seed++)
        {
            double longestJump = seed % 4 switch { 0 => 0, 1 => 20e-6, 2 => 100e-6, _ => 400e-6 };
            using var board = new ClockBoard(seed, tsc, timer, longestJump);
            Assert.True(TscCalibration.TryMeasure(new LocalApic(board.Apic), out ulong tscHertz, out ulong timerHertz));
            Assert.InRange(tscHertz / tsc, 0.999, 1.001);
            Assert.InRange(timerHertz / timer, 0.999, 1.001);
        }
    }

    /// <summary>A tenth of a second is more than the 8254 counts: it would seem to be 45 thousandths.</summary>
    [Theory]
    [InlineData(10)]
    [InlineData(5_000)]
    [InlineData(25_000)]
    public void What_was_measured_while_the_counter_started_over_is_measured_again(long interruption)
    {
        using var board = new ClockBoard(1, 1e9, 1e9, 0) { Interruptions = [interruption, interruption + 40_000] };
        Assert.True(TscCalibration.TryMeasure(new LocalApic(board.Apic), out ulong tscHertz, out ulong timerHertz));
        Assert.InRange(tscHertz / 1e9, 0.999, 1.001);
        Assert.InRange(timerHertz / 1e9, 0.999, 1.001);
    }

    [Fact]
    public void The_speaker_stays_silent_and_both_timers_are_left_off()
    {
        using var board = new ClockBoard(1, 1e9, 1e9, 0);
        Assert.True(TscCalibration.TryMeasure(new LocalApic(board.Apic), out _, out _));
        Assert.Equal(0, board.Control & 3);
        Assert.Equal(0u, board.TimerInitial);
    }

    /// <summary>Some ten seconds at most on a board whose ports take a microsecond: long enough to know, short enough to be told.</summary>
    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void A_counter_that_does_not_count_is_given_up(bool dead, bool missing)
    {
        using var board = new ClockBoard(1, 1e9, 1e9, 0) { IsDead = dead, IsMissing = missing };
        Assert.False(TscCalibration.TryMeasure(new LocalApic(board.Apic), out ulong tscHertz, out ulong timerHertz));
        Assert.Equal((0ul, 0ul), (tscHertz, timerHertz));
        Assert.InRange(board.Accesses, 100_000, 10_000_000);
        Assert.Equal(0u, board.TimerInitial);
    }
}
