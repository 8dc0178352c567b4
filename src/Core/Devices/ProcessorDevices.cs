using System.Runtime.CompilerServices;

namespace Ember.Core.Devices;

/// <summary>
/// The devices that each virtual processor has for itself. They are the processor's own: others only post to <see cref="Inbox"/>,
/// and look at what decides whether a message is for its local APIC.
/// </summary>
public struct ProcessorDevices
{
    /// <summary>The local APIC.</summary>
    public LocalApic Apic;

    /// <summary>The processor's part of the KVM clock.</summary>
    public KvmClock Clock;

    /// <summary>What others have sent.</summary>
    public InterruptInbox Inbox;

    /// <summary>The state after reset.</summary>
    /// <param name="number">The APIC identifier; 0 is the processor that starts the machine.</param>
    /// <param name="wallClockSeconds">Seconds since 1970 at nanosecond 0.</param>
    public void Initialize(int number, ulong wallClockSeconds)
    {
        this = default;
        Apic.Initialize((uint)number, number == 0);
        Clock.Initialize(wallClockSeconds);
        NextEvent = ulong.MaxValue;
    }

    /// <summary>The earliest time at which something of the machine has to be done on this processor; ulong.MaxValue for never.</summary>
    public ulong NextEvent { get; private set; }

    /// <summary>Finds the next event, after whatever may have changed one.</summary>
    /// <param name="shared">The next event of the devices all processors share, if this is the one that sees to it.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Schedule(ulong shared)
    {
        ulong apic = Apic.NextEvent;
        NextEvent = apic < shared ? apic : shared;
    }
}
