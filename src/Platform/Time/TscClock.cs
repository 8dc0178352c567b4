namespace Ember.Platform.Time;

/// <summary>
/// Converts between a guest's time stamp counter and nanoseconds since its VM started, with the same multiplier and shift
/// that the KVM clock gives the guest, so that guest and host agree to the nanosecond.
/// </summary>
public readonly struct TscClock
{
    /// <summary>The guest's TSC at nanosecond 0.</summary>
    public readonly ulong Start;

    /// <summary>Nanoseconds a tick, a fraction of 2^32, after shifting.</summary>
    public readonly uint Multiplier;

    /// <summary>Ticks are shifted left by this much, right if negative, before they are multiplied.</summary>
    public readonly sbyte Shift;

    // The shift again, without a sign to look at, and the most ticks that it loses nothing of.
    private readonly byte _left;
    private readonly byte _right;
    private readonly ulong _most;

    /// <summary>Builds the pair with all 32 bits of the multiplier in use.</summary>
    /// <param name="kilohertz">Frequency of the guest's TSC, not 0.</param>
    /// <param name="start">The guest's TSC at nanosecond 0.</param>
    public TscClock(uint kilohertz, ulong start)
    {
        ulong hertz = kilohertz * 1000ul;
        ulong quotient = 1_000_000_000 / hertz;
        ulong remainder = 1_000_000_000 % hertz;
        int bits = 0;
        while (quotient < 0x8000_0000)
        {
            remainder <<= 1;
            quotient <<= 1;
            bits++;
            if (remainder >= hertz)
            {
                remainder -= hertz;
                quotient |= 1;
            }
        }

        // To the nearest; a multiplier of all ones has no room above.
        if (remainder * 2 >= hertz && quotient != uint.MaxValue)
        {
            quotient++;
        }

        Start = start;
        Multiplier = (uint)quotient;
        Shift = (sbyte)(32 - bits);
        _left = (byte)(Shift < 0 ? 0 : Shift);
        _right = (byte)(Shift < 0 ? -Shift : 0);
        _most = ulong.MaxValue >> _left;
    }

    /// <summary>The nanosecond that a TSC value falls into: 0 before the start, ulong.MaxValue if out of range.</summary>
    public ulong ToNanoseconds(ulong tsc)
    {
        if (tsc <= Start)
        {
            return 0;
        }

        ulong ticks = tsc - Start;
        if (ticks > _most)
        {
            return ulong.MaxValue;
        }

        ticks = ticks << _left >> _right;

        // The product divided by 2^32, of its two halves: nothing is lost, for the upper half's product is a multiple of 2^32.
        return ((ticks >> 32) * Multiplier) + ((uint)ticks * (ulong)Multiplier >> 32);
    }

    /// <summary>The first TSC value that falls into a nanosecond or after it; ulong.MaxValue if out of range.</summary>
    public ulong ToTicks(ulong nanoseconds)
    {
        ulong whole = nanoseconds / Multiplier;
        if (whole > uint.MaxValue >> 1)
        {
            return ulong.MaxValue;
        }

        ulong scaled = (whole << 32) + (((nanoseconds % Multiplier << 32) + Multiplier - 1) / Multiplier);
        ulong ticks = Shift < 0 ? scaled << -Shift : (scaled + (1ul << Shift) - 1) >> Shift;
        return ticks > ulong.MaxValue - Start ? ulong.MaxValue : Start + ticks;
    }
}
