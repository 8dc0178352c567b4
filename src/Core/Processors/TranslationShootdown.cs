using System.Threading;
using Ember.Platform.Auditing;
using Ember.Platform.Processors;

namespace Ember.Core.Processors;

/// <summary>
/// Makes every processor forget what it knows of the core's address space, after something in it was taken away or changed. Whoever
/// waits for the others serves them meanwhile, so that two may do it at once.
/// </summary>
internal static unsafe class TranslationShootdown
{
    /// <summary>Longer than any processor goes without taking interrupts.</summary>
    private const uint MostRounds = 1u << 31;

    private static int _generation;

    /// <summary>
    /// Returns when no processor uses the old mappings any more. Not under a lock that others may be waiting for: they take interrupts
    /// when they have had it. A processor that never does ends the core with its dump.
    /// </summary>
    [LoopBound(ProcessorList.MaximumCount, "processors")]
    [LoopBound(MostRounds, "counted by rounds")]
    public static void Run()
    {
        int generation = Interlocked.Increment(ref _generation);
        HostProcessors.SendToOthers(InterruptVector.Shootdown);
        for (int i = 0; i < HostProcessors.Count; i++)
        {
            uint rounds = 0;
            while (Volatile.Read(ref HostProcessors.At(i)->Generation) - generation < 0)
            {
                Serve();
                Cpu.Pause();
                if (++rounds == MostRounds)
                {
                    Cpu.RaiseInvalidOpcode();
                }
            }
        }
    }

    /// <summary>Forgets, if this processor has not yet.</summary>
    public static void Serve()
    {
        HostProcessor* processor = HostProcessors.Current;
        int generation = Volatile.Read(ref _generation);
        if (processor->Generation != generation)
        {
            Cpu.WriteCr3(Cpu.ReadCr3());
            Volatile.Write(ref processor->Generation, generation);
        }
    }
}
