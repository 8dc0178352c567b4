using System;
using System.Runtime.InteropServices;
using CsCheck;
using Ember.Core.Processors;
using Ember.Core.Tests.Hosting;
using Ember.Platform.Interrupts;

namespace Ember.Core.Tests.Processors;

/// <summary>The alarm on a local APIC that is only memory: what counts is what its initial count is set to.</summary>
public sealed unsafe class HostTimerTests : IDisposable
{
    private const uint Untouched = 0xDEAD_BEEF;
    private readonly byte* _apic = (byte*)NativeMemory.AllocZeroed(4096);
    private readonly FakeHardware _hardware = new() { TimeStampCounter = 1_000 };

    public void Dispose() => NativeMemory.Free(_apic);

    [Fact]
    public void Time_starts_at_zero_and_passes_with_the_time_stamp_counter()
    {
        HostTimer timer = NewTimer(1_000_000_000, tscKilohertz: 2_000_000);
        Assert.Equal(0ul, timer.Now);
        _hardware.TimeStampCounter += 2_000_000_000;
        Assert.Equal(1_000_000_000ul, timer.Now);
        Assert.Equal(2_000_000u, timer.TscKilohertz);
    }

    [Fact]
    public void An_alarm_is_never_early_and_at_most_a_millionth_late() => Gen.Select(
        Gen.ULong[1_000_000, 5_000_000_000], Gen.ULong[0, 1ul << 34], Gen.ULong[0, 1ul << 34]).Sample(
        (hertz, now, delay) =>
        {
            Disarmed(hertz, now, out HostTimer timer);
            timer.Arm(now + delay);
            UInt128 exact = ((UInt128)delay * hertz + 999_999_999) / 1_000_000_000;
            UInt128 latest = exact + (exact / 1_000_000) + 1;
            uint count = Count;
            Assert.True(
                exact >= uint.MaxValue ? count == uint.MaxValue : count >= exact && count <= latest,
                $"{count} for {exact}");
        },
        threads: 1);

    [Fact]
    public void A_delay_too_long_for_the_counter_takes_all_of_it() => Gen.Select(
        Gen.ULong[1_000_000, 1ul << 40], Gen.ULong[1ul << 43, HostTimer.Never - 2]).Sample(
        (hertz, when) =>
        {
            Disarmed(hertz, 0, out HostTimer timer);
            timer.Arm(when);
            Assert.Equal(uint.MaxValue, Count);
        },
        threads: 1);

    /// <summary>Delays around the one whose count is all ones in 64 bits.</summary>
    [Fact]
    public void No_delay_stops_the_counter()
    {
        const ulong Hertz = 1_000_000_100;
        ulong rate = (ulong)((((UInt128)Hertz << 32) + 999_999_999) / 1_000_000_000);
        ulong around = (ulong)(((UInt128)1 << 96) / rate);
        for (ulong delay = around - 5; delay <= around + 5; delay++)
        {
            Disarmed(Hertz, 0, out HostTimer timer);
            timer.Arm(delay);
            Assert.Equal(uint.MaxValue, Count);
        }
    }

    [Theory]
    [InlineData(500ul)]
    [InlineData(0ul)]
    public void A_time_that_has_passed_rings_at_the_next_count(ulong when)
    {
        Disarmed(1_000_000_000, 500, out HostTimer timer);
        timer.Arm(when);
        Assert.Equal(1u, Count);
    }

    [Fact]
    public void The_counter_is_only_touched_when_the_time_is_another()
    {
        HostTimer timer = NewTimer(1_000_000_000);
        Count = Untouched;
        timer.Arm(HostTimer.Never);
        Assert.Equal(Untouched, Count);
        timer.Arm(700);
        Assert.Equal(701u, Count);
        Count = Untouched;
        timer.Arm(700);
        Assert.Equal(Untouched, Count);
        timer.Arm(HostTimer.Never);
        Assert.Equal(0u, Count);
        timer.Arm(700);
        Assert.Equal(701u, Count);
    }

    [Fact]
    public void An_alarm_that_may_have_rung_is_set_again()
    {
        HostTimer timer = NewTimer(1_000_000_000);
        timer.Arm(700);
        _hardware.TimeStampCounter += 300;
        timer.Disarm();
        timer.Arm(700);
        Assert.Equal(401u, Count);
        timer.Disarm();
        timer.Arm(HostTimer.Never);
        Assert.Equal(0u, Count);
    }

    /// <summary>The timer's initial count (AMD APM volume 2, table 16-2).</summary>
    private ref uint Count => ref *(uint*)(_apic + 0x380);

    private HostTimer NewTimer(ulong hertz, uint tscKilohertz = 1_000_000) => new(new LocalApic(_apic), tscKilohertz, hertz);

    /// <summary>A timer at a time, on a counter that shows whether it is written.</summary>
    private void Disarmed(ulong hertz, ulong now, out HostTimer timer)
    {
        _hardware.TimeStampCounter = 1_000;
        timer = NewTimer(hertz);
        _hardware.TimeStampCounter += now;
        Count = Untouched;
    }
}
