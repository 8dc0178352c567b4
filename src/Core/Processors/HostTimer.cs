using System;
using System.Runtime.CompilerServices;
using Ember.Platform.Interrupts;
using Ember.Platform.Processors;
using Ember.Platform.Time;

namespace Ember.Core.Processors;

/// <summary>A processor's clock and alarm: the time-stamp counter and the local APIC's one-shot timer.</summary>
internal struct HostTimer
{
    /// <summary>No alarm.</summary>
    public const ulong Never = ulong.MaxValue;

    private readonly LocalApic _apic;
    private readonly TscClock _clock;

    /// <summary>Timer counts a nanosecond, as a fraction of 2^32, rounded up so that no alarm is early for it.</summary>
    private readonly ulong _countsPerNanosecond;

    private ulong _armed = Never;

    /// <summary>Starts the clock at zero.</summary>
    /// <param name="apic">The processor's own, enabled.</param>
    /// <param name="tscKilohertz">Frequency of the time-stamp counter, not 0.</param>
    /// <param name="apicTimerHertz">Frequency of the APIC timer, below 2^41.</param>
    public HostTimer(LocalApic apic, uint tscKilohertz, ulong apicTimerHertz)
    {
        _apic = apic;
        TscKilohertz = tscKilohertz;
        _clock = new TscClock(tscKilohertz, Cpu.ReadTimeStampCounter());

        // Hertz * 2^32 / 10^9 rounded up, with 2^9 taken out of both so that the product has room.
        _countsPerNanosecond = ((apicTimerHertz << 23) + 1_953_124) / 1_953_125;
    }

    public uint TscKilohertz { get; }

    /// <summary>Nanoseconds since the clock started.</summary>
    public readonly ulong Now => _clock.ToNanoseconds(Cpu.ReadTimeStampCounter());

    /// <summary>The clock.</summary>
    public readonly TscClock Clock => _clock;

    /// <summary>Interrupts the processor at a time, at once if it has passed, instead of when it was armed for before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Arm(ulong when)
    {
        if (when != _armed)
        {
            Set(when);
        }
    }

    /// <summary>Forgets what the alarm was set for, so that the next <see cref="Arm"/> sets it: it may have gone off early.</summary>
    public void Disarm() => _armed = Never - 1;

    private void Set(ulong when)
    {
        _armed = when;
        if (when == Never)
        {
            _apic.StartTimer(0);
            return;
        }

        ulong now = Now;
        ulong delay = when > now ? when - now : 0;
        ulong high = Math.BigMul(delay, _countsPerNanosecond, out ulong low);
        _apic.StartTimer(high != 0 ? uint.MaxValue : (uint)Math.Min((low >> 32) + 1, uint.MaxValue));
    }
}
