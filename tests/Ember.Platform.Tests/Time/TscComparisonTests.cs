using System.Diagnostics;
using System.Threading;
using Ember.Platform.Processors;
using Ember.Platform.Tests.Hosting;
using Ember.Platform.Time;

namespace Ember.Platform.Tests.Time;

/// <summary>Two threads as two processors, their counters a known distance apart.</summary>
public sealed class TscComparisonTests
{
    private const ulong Patience = 1ul << 40;

    [Theory]
    [InlineData(1L << 33)]
    [InlineData(-(1L << 33))]
    public void Counters_far_apart_are_told_by_how_much(long ahead)
    {
        Assert.True(TryCompare(ahead, out long difference));
        Assert.Equal(ahead < 0, difference < 0);

        // What is certain is never more than the truth.
        Assert.InRange(difference / (double)ahead, 0.5, 1.0);
    }

    [Fact]
    public void Equal_counters_are_never_told_apart()
    {
        Assert.True(TryCompare(0, out long difference));
        Assert.Equal(0, difference);
    }

    [Fact]
    public void A_processor_that_does_not_answer_is_not_waited_for_for_ever()
    {
        Cpu.Hardware = new Counter(1ul << 40);
        TscComparison comparison = default;
        Assert.False(comparison.TryAsk(1000, out long difference));
        Assert.Equal(0, difference);
    }

    private static bool TryCompare(long ahead, out long difference)
    {
        Shared shared = new();
        var other = new Thread(() =>
        {
            Cpu.Hardware = new Counter((1ul << 40) + (ulong)ahead);
            shared.Comparison.Answer();
        });
        other.Start();
        Cpu.Hardware = new Counter(1ul << 40);
        bool answered = shared.Comparison.TryAsk(Patience, out difference);
        other.Join();
        return answered;
    }

    private sealed class Shared
    {
        public TscComparison Comparison;
    }

    private sealed class Counter(ulong start) : RefusingHardware
    {
        public override ulong TimeStampCounter => start + (ulong)Stopwatch.GetTimestamp();
    }
}
