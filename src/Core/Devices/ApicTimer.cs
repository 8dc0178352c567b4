using Ember.Platform.Time;

namespace Ember.Core.Devices;

/// <summary>
/// The timer of a local APIC (Intel SDM volume 3, 11.5.4). Its input clock is 1 GHz, so before division a count is a nanosecond.
/// </summary>
public struct ApicTimer
{
    /// <summary>Nanosecond of the next expiry; ulong.MaxValue while the timer is not armed.</summary>
    public ulong Expiry { get; private set; }

    /// <summary>The initial count register.</summary>
    public uint InitialCount { get; private set; }

    /// <summary>The divide configuration register: bits 3, 1 and 0.</summary>
    public byte DivideConfiguration { get; private set; }

    /// <summary>IA32_TSC_DEADLINE: 0 while disarmed.</summary>
    public ulong Deadline { get; private set; }

    public ApicTimerMode Mode { get; private set; }

    /// <summary>The state after reset.</summary>
    public void Initialize()
    {
        this = default;
        Expiry = ulong.MaxValue;
    }

    /// <summary>Log2 of the divisor: 1 for 000, up to 7 for 110, 0 for 111.</summary>
    private readonly int Shift => (((DivideConfiguration & 3) | ((DivideConfiguration >> 1) & 4)) + 1) & 7;

    /// <summary>The current count register: what is left, rounded up to a whole count.</summary>
    public readonly uint CurrentCount(ulong now)
    {
        if (Mode == ApicTimerMode.TscDeadline || Expiry == ulong.MaxValue)
        {
            return 0;
        }

        ulong expiry = now >= Expiry && IsPeriodic ? NextExpiry(now) : Expiry;
        return now >= expiry ? 0 : (uint)((expiry - now + (1ul << Shift) - 1) >> Shift);
    }

    private readonly bool IsPeriodic => Mode == ApicTimerMode.Periodic && InitialCount != 0;

    /// <summary>Writes the initial count register, which starts the timer, or stops it with 0.</summary>
    public void Start(uint count, ulong now)
    {
        if (Mode != ApicTimerMode.TscDeadline)
        {
            InitialCount = count;
            Arm(count, now);
        }
    }

    /// <summary>Writes the divide configuration register; a running count goes on from where it is.</summary>
    public void Divide(uint configuration, ulong now)
    {
        uint left = CurrentCount(now);
        DivideConfiguration = (byte)(configuration & 0x0B);
        if (left != 0)
        {
            Arm(left, now);
        }
    }

    /// <summary>Changes the mode; entering or leaving TSC-deadline mode disarms the timer.</summary>
    public void SetMode(ApicTimerMode mode)
    {
        if (mode != Mode && (mode == ApicTimerMode.TscDeadline || Mode == ApicTimerMode.TscDeadline))
        {
            InitialCount = 0;
            Deadline = 0;
            Expiry = ulong.MaxValue;
        }

        Mode = mode;
    }

    /// <summary>Writes IA32_TSC_DEADLINE, which does nothing in the other modes; 0 disarms.</summary>
    public void SetDeadline(ulong tsc, in TscClock clock)
    {
        if (Mode == ApicTimerMode.TscDeadline)
        {
            Deadline = tsc;
            Expiry = tsc == 0 ? ulong.MaxValue : clock.ToNanoseconds(tsc);
        }
    }

    /// <summary>Lets the timer expire if it is due: true once, however many periods have passed.</summary>
    public bool Expire(ulong now)
    {
        if (now < Expiry || Expiry == ulong.MaxValue)
        {
            return false;
        }

        if (IsPeriodic)
        {
            Expiry = NextExpiry(now);
        }
        else
        {
            Expiry = ulong.MaxValue;
            Deadline = 0;
        }

        return true;
    }

    /// <summary>The first expiry after a time at or past the last one, in phase with it.</summary>
    private readonly ulong NextExpiry(ulong now)
    {
        ulong period = (ulong)InitialCount << Shift;
        return Expiry + (((now - Expiry) / period) + 1) * period;
    }

    private void Arm(uint count, ulong now) => Expiry = count == 0 ? ulong.MaxValue : now + ((ulong)count << Shift);
}
