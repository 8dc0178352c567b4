using Ember.Platform.Processors;
using Ember.Platform.Uefi;

namespace Ember.Loader;

/// <summary>The time-stamp counter, measured against the firmware's own delay.</summary>
internal static unsafe class FirmwareClock
{
    private const nuint DelayMicroseconds = 200;
    private const int Delays = 5;

    /// <summary>Counts in a millisecond, not 0 after <see cref="Measure"/>.</summary>
    public static ulong TicksPerMillisecond { get; private set; }

    /// <summary>Takes a millisecond. No delay is too short (UEFI 2.10, section 7.5): the shortest of several was disturbed least.</summary>
    /// <param name="services">The firmware's.</param>
    public static void Measure(EfiBootServices* services)
    {
        uint shortest = uint.MaxValue;
        for (int i = 0; i < Delays; i++)
        {
            ulong start = Cpu.ReadTimeStampCounter();
            services->Stall(DelayMicroseconds);
            uint ticks = (uint)(Cpu.ReadTimeStampCounter() - start);
            if (ticks < shortest)
            {
                shortest = ticks;
            }
        }

        TicksPerMillisecond = ((ulong)shortest * Delays) | 1;
    }
}
