using System;
using System.Runtime.CompilerServices;
using System.Threading;
using Ember.Core.Console;
using Ember.Core.Processors;
using Ember.Platform.Interrupts;
using Ember.Platform.Memory;
using Ember.Platform.Processors;
using Ember.Platform.Text;
using Ember.Platform.Time;

namespace Ember.Core.Startup;

/// <summary>Starts the machine's other processors, one after the other (Intel SDM volume 3, section 8.4; AMD APM volume 2, 16.3).</summary>
internal static unsafe class ProcessorStart
{
    /// <summary>
    /// Pages below 1 MiB that it takes: the first one stays unused, for it may be page zero; then the trampoline; then the top page
    /// table, since a processor that has just started can only load one below 4 GiB.
    /// </summary>
    public const int Pages = 3;

    /// <summary>The highest address that they may have a byte at.</summary>
    public const ulong HighestPage = 0x9_EFFF;

    private const ulong MicrosecondsAfterInit = 10_000;

    /// <summary>After this a start that got lost is sent again.</summary>
    private const ulong MicrosecondsToFirstAnswer = 10_000;

    /// <summary>After this a processor is given up: long, because an emulated one has to wait for its turn.</summary>
    private const ulong MicrosecondsToAnswer = 1_000_000;

    /// <summary>More than clocks may differ without anybody noticing.</summary>
    private const ulong MostMicrosecondsApart = 5;

    private static ProcessorEntry _entry;
    private static TscComparison _comparison;
    private static int _started;

    /// <summary>Starts all processors of a list but the one this runs on; lines say which ones do not start.</summary>
    public static void Run(in ProcessorList list, ulong startPages, ref HostMemory memory, in PageTables space)
    {
        HostProcessor* first = HostProcessors.At(0);
        int others = Math.Min(list.Count - (list.Contains(first->ApicId) ? 1 : 0), ProcessorList.MaximumCount - 1);
        if (others <= 0)
        {
            return;
        }

        // The guards below all stacks are unmapped before another processor can have seen them mapped.
        ulong stateBytes = PageTables.WholePages((ulong)sizeof(HostProcessor));
        ulong bytes = stateBytes + HostProcessor.StacksBytes;
        bool ready = memory.TryTakeZeroed(MemoryAccount.Stacks, (ulong)others * bytes, PageTables.PageSize, out byte* block);
        for (int i = 0; i < others && ready; i++)
        {
            ready = ((HostProcessor*)(block + ((ulong)i * bytes)))->TryPrepare(in space, (ulong)block + ((ulong)i * bytes) + stateBytes);
        }

        ulong trampoline = startPages + PageTables.PageSize;
        if (!ready || startPages == 0 || !TryOpen(in space, trampoline))
        {
            SystemConsole.WriteLine("processors: no memory to start more than the first one"u8);
            return;
        }

        for (int i = 0; others != 0; i++)
        {
            if (list[i] != first->ApicId)
            {
                others--;
                var processor = (HostProcessor*)block;
                processor->ApicId = list[i];
                processor->Index = HostProcessors.Count;
                if (TryStart(processor, trampoline))
                {
                    HostProcessors.Add(processor);
                }

                block += bytes;
            }
        }

        space.Unmap(startPages, Pages * PageTables.PageSize);
        TranslationShootdown.Run();
    }

    /// <summary>What a processor does first that has been started here, when it is ready.</summary>
    public static void Answer()
    {
        Volatile.Write(ref _started, 1);
        _comparison.Answer();
    }

    /// <summary>Fills the pages while they can be written, and makes the trampoline executable instead.</summary>
    private static bool TryOpen(in PageTables space, ulong trampoline)
    {
        ulong root = trampoline + PageTables.PageSize;
        Trampoline.Write((byte*)trampoline, root, (ProcessorEntry*)Unsafe.AsPointer(ref _entry));
        bool mapped = space.Map(trampoline, trampoline, PageTables.PageSize, PageAttributes.Execute);
        Buffer.MemoryCopy((void*)space.Root, (void*)root, PageTables.PageSize, PageTables.PageSize);
        return mapped;
    }

    private static bool TryStart(HostProcessor* processor, ulong trampoline)
    {
        LocalApic apic = HostProcessors.Apic;
        _entry.StackTop = processor->Stack.High;
        _entry.Argument = processor;
        _comparison = default;
        Volatile.Write(ref _started, 0);
        if (processor->ApicId <= LocalApic.HighestShortId || apic.IsExtended)
        {
            apic.SendInit(processor->ApicId);
            Wait(MicrosecondsAfterInit);
            apic.SendStart(processor->ApicId, trampoline);
            if (!Wait(MicrosecondsToFirstAnswer))
            {
                apic.SendStart(processor->ApicId, trampoline);
                Wait(MicrosecondsToAnswer);
            }

            if (Volatile.Read(ref _started) != 0)
            {
                Compare(processor);
                return true;
            }

            // It must not come later, when the next one comes the same way.
            apic.SendInit(processor->ApicId);
        }

        LineBuffer line = LineOf(processor);
        line.Append(" does not start; going on without it"u8);
        SystemConsole.WriteLine(line.Text);
        return false;
    }

    /// <summary>Guests see the counters of all processors as one clock.</summary>
    private static void Compare(HostProcessor* processor)
    {
        bool answered = _comparison.TryAsk(Ticks(MicrosecondsToAnswer), out long difference);
        ulong apart = (ulong)(difference < 0 ? -difference : difference);
        if (!answered || apart > Ticks(MostMicrosecondsApart))
        {
            LineBuffer line = LineOf(processor);
            line.Append(": its time-stamp counter is "u8);
            line.AppendDecimal(apart / Ticks(1));
            line.Append(difference < 0 ? " us behind the first one's"u8 : " us ahead of the first one's"u8);
            SystemConsole.WriteLine(line.Text);
        }
    }

    /// <summary>Waits until the processor has started or the time is over; false if it has not.</summary>
    private static bool Wait(ulong microseconds)
    {
        ulong start = Cpu.ReadTimeStampCounter();
        while (Volatile.Read(ref _started) == 0 && Cpu.ReadTimeStampCounter() - start < Ticks(microseconds))
        {
            Cpu.Pause();
        }

        return Volatile.Read(ref _started) != 0;
    }

    private static ulong Ticks(ulong microseconds) => microseconds * HostProcessors.At(0)->Timer.TscKilohertz / 1000;

    private static LineBuffer LineOf(HostProcessor* processor)
    {
        LineBuffer line = default;
        line.Append("processor "u8);
        line.AppendDecimal((uint)processor->Index);
        line.Append(" (APIC id "u8);
        line.AppendDecimal(processor->ApicId);
        line.Append((byte)')');
        return line;
    }
}
