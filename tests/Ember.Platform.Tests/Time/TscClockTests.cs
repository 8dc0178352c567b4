using System;
using CsCheck;
using Ember.Platform.Time;

namespace Ember.Platform.Tests.Time;

public sealed class TscClockTests
{
    private static readonly Gen<uint> _frequency = Gen.UInt[1, 10_000_000];

    [Theory]
    [InlineData(1_000_000u, 0x8000_0000u, 1)]
    [InlineData(2_000_000u, 0x8000_0000u, 0)]
    [InlineData(4_000_000u, 0x8000_0000u, -1)]
    [InlineData(1_000u, 0xFA00_0000u, 10)]
    public void Multiplier_and_shift_are_normal(uint kilohertz, uint multiplier, int shift)
    {
        TscClock clock = new(kilohertz, 0);
        Assert.Equal(multiplier, clock.Multiplier);
        Assert.Equal(shift, clock.Shift);
    }

    [Fact]
    public void Nanoseconds_are_exact_to_the_multipliers_precision() =>
        Gen.Select(_frequency, Gen.ULong[0, 1ul << 48], Gen.ULong).Sample((kilohertz, ticks, start) =>
        {
            start >>= 1;
            TscClock clock = new(kilohertz, start);
            Assert.True(clock.Multiplier >= 0x8000_0000);
            ulong actual = clock.ToNanoseconds(start + ticks);
            UInt128 exact = (UInt128)ticks * 1_000_000 / kilohertz;
            UInt128 tolerance = (exact >> 31) + 2;
            Assert.InRange(actual, (ulong)(exact > tolerance ? exact - tolerance : 0), (ulong)(exact + tolerance));
        });

    [Fact]
    public void Ticks_are_the_first_of_their_nanosecond() =>
        Gen.Select(_frequency, Gen.ULong[1, 1ul << 50], Gen.UInt).Sample((kilohertz, nanoseconds, start) =>
        {
            TscClock clock = new(kilohertz, start);
            ulong ticks = clock.ToTicks(nanoseconds);
            Assert.True(clock.ToNanoseconds(ticks) >= nanoseconds);
            Assert.True(clock.ToNanoseconds(ticks - 1) < nanoseconds);
        });

    [Fact]
    public void Values_out_of_range_saturate()
    {
        TscClock slow = new(1_000, 1_000);
        Assert.Equal(0ul, slow.ToNanoseconds(0));
        Assert.Equal(0ul, slow.ToNanoseconds(1_000));
        Assert.Equal(ulong.MaxValue, slow.ToNanoseconds(ulong.MaxValue));
        Assert.Equal(ulong.MaxValue, new TscClock(5_000_000, 0).ToTicks(ulong.MaxValue));
    }
}
