using Ember.Core.Memory;
using Ember.Platform.Time;

namespace Ember.Core.Devices;

/// <summary>What a chip set needs to know of its machine.</summary>
public struct ChipsetConfiguration
{
    /// <summary>The guest's time stamp counter.</summary>
    public TscClock Clock;

    /// <summary>Seconds since 1970-01-01 00:00:00 UTC at nanosecond 0.</summary>
    public ulong WallClockSeconds;

    /// <summary>Virtual processors, 1 to <see cref="Chipset.MaximumProcessors"/>.</summary>
    public int ProcessorCount;

    /// <summary>Bytes of guest RAM, for the CMOS.</summary>
    public ulong MemorySize;

    /// <summary>Guest RAM, for the KVM clock.</summary>
    public GuestMemory Memory;
}
