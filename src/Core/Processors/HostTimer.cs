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
    private TscClock _clock;

    /// <summary>Timer counts a nanosecond, as a fraction of 2^32.</summary>
    private readonly ulong _countsPerNanosecond;

    private ulong _armed = Never;

    /// <summary>Starts the clock at zero.</summary>
    public HostTimer(LocalApic apic, uint tscKilohertz, ulong apicTimerHertz)
    {
        _apic = apic;
        TscKilohertz = tscKilohertz;
        _clock = new TscClock(tscKilohertz, Cpu.ReadTimeStampCounter());
        _countsPerNanosecond = (apicTimerHertz << 16) / 1_000_000_000 << 16;
    }

    public uint TscKilohertz { get; }

    /// <summary>Nanoseconds since the clock started.</summary>
    public readonly ulong Now => _clock.ToNanoseconds(Cpu.ReadTimeStampCounter());

    /// <summary>Starts the clock again, as a guest's clock says.</summary>
    public void Restart(TscClock clock)
    {
        _clock = clock;
        Disarm();
    }

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
        ulong counts = high > uint.MaxValue ? uint.MaxValue : (high << 32) | (low >> 32);
        _apic.StartTimer((uint)Math.Min(counts + 1, uint.MaxValue));
    }
}
