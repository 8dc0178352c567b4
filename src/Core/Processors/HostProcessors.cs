using System.Numerics;
using System.Runtime.CompilerServices;
using Ember.Platform.Auditing;
using Ember.Platform.Interrupts;
using Ember.Platform.Processors;

namespace Ember.Core.Processors;

/// <summary>The physical processors that run the core. They come up one after the other and stay.</summary>
internal static unsafe class HostProcessors
{
    /// <summary>The index of the one that the firmware started.</summary>
    public const int Boot = 0;

    private static Pointers _all;

    /// <summary>How many there are.</summary>
    public static int Count { get; private set; }

    /// <summary>What each reaches its own local APIC by.</summary>
    public static LocalApic Apic { get; set; }

    /// <summary>The processor this runs on, once that uses its own descriptor tables.</summary>
    public static HostProcessor* Current => (HostProcessor*)DescriptorTables.Current;

    /// <summary>The processor with an index below <see cref="Count"/>; 0 is the one that the firmware started.</summary>
    public static HostProcessor* At(int index) => (HostProcessor*)_all[index];

    /// <summary>Adds a processor that runs, with <see cref="Count"/> as its index.</summary>
    public static void Add(HostProcessor* processor)
    {
        _all[Count] = (nuint)processor;
        Count++;
    }

    /// <summary>Makes processors look what there is to do, wherever they are; this one does not need to be told.</summary>
    /// <param name="processors">Which, one bit each.</param>
    [LoopBound(ProcessorList.MaximumCount, "processors, one bit each")]
    public static void Interrupt(ulong processors)
    {
        for (ulong left = processors; left != 0; left &= left - 1)
        {
            HostProcessor* target = At(BitOperations.TrailingZeroCount(left));
            if (target != Current)
            {
                Apic.Send(target->ApicId, InterruptVector.Wake);
            }
        }
    }

    /// <summary>Sends an interrupt to all processors but this one.</summary>
    [LoopBound(ProcessorList.MaximumCount, "processors")]
    public static void SendToOthers(byte vector)
    {
        for (int i = 0; i < Count; i++)
        {
            if (At(i) != Current)
            {
                Apic.Send(At(i)->ApicId, vector);
            }
        }
    }

    /// <summary>
    /// Sends an NMI to all processors but this one: to each by its ID, because the firmware may have left others asleep in memory that
    /// is the core's now.
    /// </summary>
    [LoopBound(ProcessorList.MaximumCount, "processors")]
    public static void SendNonMaskableToOthers()
    {
        for (int i = 0; i < Count; i++)
        {
            if (At(i) != Current)
            {
                Apic.SendNonMaskable(At(i)->ApicId);
            }
        }
    }

    [InlineArray(ProcessorList.MaximumCount)]
    private struct Pointers
    {
        private nuint _first;
    }
}
