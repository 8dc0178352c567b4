using System.Runtime.CompilerServices;
using System.Threading;
using Ember.Core.Devices;
using Ember.Core.Processors;
using Ember.Core.Scheduling;
using Ember.Core.Virtualization;
using Ember.Formats.Plans;
using Ember.Platform.Auditing;

namespace Ember.Core.Machines;

/// <summary>A virtual machine: what its virtual processors share. It does not move in memory.</summary>
internal unsafe struct VirtualMachine
{
    /// <summary>The devices.</summary>
    public Chipset Chipset;

    /// <summary>Where it speaks.</summary>
    public MachineConsole Console;

    /// <summary>What it may have of the processors.</summary>
    public MachineShare Share;

    /// <summary>What it is in the plan.</summary>
    public int Number;

    /// <summary>Physical address of its nested page tables.</summary>
    public ulong NestedRoot;

    /// <summary>When it was started.</summary>
    public ulong StartTime;

    private Entities _entities;
    private Scheduler* _scheduler;
    private int* _finished;
    private int _phase;
    private int _stop;
    private int _live;
    private int _deaf;

    /// <summary>Prepares its processors for the scheduler, each the owner of an entity. Devices and console are ready.</summary>
    /// <param name="scheduler">Who shares out the physical processors.</param>
    /// <param name="finished">Counts machines whose processors have come in.</param>
    /// <param name="plan">What the plan says of it.</param>
    /// <param name="affinity">Physical processors it may run on, one bit each, not none.</param>
    public void Initialize(Scheduler* scheduler, int* finished, in PlanMachine plan, ulong affinity)
    {
        _scheduler = scheduler;
        _finished = finished;
        _stop = 0;
        _live = ProcessorCount;
        _deaf = ProcessorCount - 1;
        Share.Initialize(plan.Cap);
        uint weight = plan.Weight * Chipset.MaximumProcessors / (uint)ProcessorCount;
        for (int i = 0; i < ProcessorCount; i++)
        {
            _entities[i] = default;
            _entities[i].Share = (MachineShare*)Unsafe.AsPointer(ref Share);
            _entities[i].Weight = weight;
            _entities[i].Affinity = affinity;
        }
    }

    /// <summary>How many virtual processors it has.</summary>
    public readonly int ProcessorCount => Chipset.ProcessorCount;

    /// <summary>A number no other machine that runs has; not 0.</summary>
    public readonly ulong Identity => (ulong)Number + 1;

    /// <summary>What it is doing.</summary>
    public MachinePhase Phase
    {
        readonly get => (MachinePhase)Volatile.Read(in _phase);
        set => Volatile.Write(ref _phase, (int)value);
    }

    /// <summary>Whether its processors are to come in.</summary>
    public readonly bool IsStopping => Volatile.Read(in _stop) != 0;

    /// <summary>Why it stopped or is stopping.</summary>
    public readonly MachineStop StopReason => (MachineStop)Volatile.Read(in _stop);

    /// <summary>A processor's devices.</summary>
    public ProcessorDevices* Devices(int processor) => (ProcessorDevices*)Unsafe.AsPointer(ref Chipset.Processor(processor));

    /// <summary>A processor's entity.</summary>
    public SchedulingEntity* Entity(int processor) => (SchedulingEntity*)Unsafe.AsPointer(ref _entities[processor]);

    /// <summary>Gives its processors to the scheduler; the first starts.</summary>
    [LoopBound(Chipset.MaximumProcessors, "processors")]
    public void Start()
    {
        Phase = MachinePhase.Running;
        ulong interrupt = 0;
        for (int i = ProcessorCount - 1; i >= 0; i--)
        {
            interrupt |= _scheduler->Add(Entity(i), i == 0);
        }

        HostProcessors.Interrupt(interrupt);
    }

    /// <summary>Tells virtual processors to look what was left for them.</summary>
    /// <param name="processors">Which, one bit each.</param>
    /// <returns>Physical processors that had to be interrupted.</returns>
    [LoopBound(Chipset.MaximumProcessors, "processors, one bit each")]
    public ulong Notify(ulong processors)
    {
        ulong interrupt = 0;
        for (ulong left = processors; left != 0; left &= left - 1)
        {
            SchedulingEntity* entity = Entity(System.Numerics.BitOperations.TrailingZeroCount(left));
            entity->Notice();
            interrupt |= _scheduler->Wake(entity);
        }

        HostProcessors.Interrupt(interrupt);
        return interrupt;
    }

    /// <summary>Asks the guest to shut down.</summary>
    public void PressPowerButton()
    {
        Chipset.Processor(0).Inbox.Post(InboxSignals.PowerButton);
        Notify(1);
    }

    /// <summary>Nanoseconds that all its processors together have run, not counting turns that have not ended.</summary>
    public readonly ulong RunTime
    {
        get
        {
            ulong sum = 0;
            for (int i = 0; i < ProcessorCount; i++)
            {
                sum += _entities[i].RunTime;
            }

            return sum;
        }
    }

    /// <summary>Calls its processors in. The first reason counts.</summary>
    /// <returns>Whether this was the first.</returns>
    public bool Stop(MachineStop reason)
    {
        if (Interlocked.CompareExchange(ref _stop, (int)reason, 0) != 0)
        {
            return false;
        }

        Phase = MachinePhase.Stopping;
        Notify((1ul << ProcessorCount) - 1);
        return true;
    }

    /// <summary>The same, for what a virtual processor has done.</summary>
    public void Stop(MachineStop reason, in VmExit exit, ulong instructionPointer)
    {
        if (Stop(reason))
        {
            Console.ReportStop(reason, in exit, instructionPointer);
        }
    }

    /// <summary>A processor of it has come in and is nowhere loaded any more.</summary>
    public void Retire()
    {
        if (Interlocked.Decrement(ref _live) == 0)
        {
            Phase = MachinePhase.Finished;
            Interlocked.Increment(ref *_finished);
            HostProcessors.Interrupt(1ul << HostProcessors.Boot);
        }
    }

    /// <summary>A processor has stopped hearing interrupts, or hears them again. When none hears any, the machine has stopped.</summary>
    public void CountDeaf(int change)
    {
        int deaf = change > 0 ? Interlocked.Increment(ref _deaf) : Interlocked.Decrement(ref _deaf);
        if (deaf == ProcessorCount && Stop(MachineStop.HaltedForever))
        {
            Console.Report(MachineStopText.Of(MachineStop.HaltedForever));
        }
    }

    /// <summary>After a guest has written to a port: what it said, and what it asked for.</summary>
    /// <param name="processor">Who wrote.</param>
    public ChipsetRequest FinishPortWrite(int processor)
    {
        if (Chipset.Uart.HasOutput || Chipset.BootTimer.HasAny)
        {
            Chipset.Lock();
            Console.Drain(ref Chipset.Uart);
            Chipset.CarryUartInterrupt(processor);
            ReportBootTimer();
            Chipset.Unlock();
        }

        return Chipset.TakeRequest();
    }

    /// <summary>Gives the guest what was typed, as far as there is room.</summary>
    /// <param name="processor">Who calls this for itself.</param>
    public void ReceiveInput(int processor)
    {
        Chipset.Lock();
        Console.Receive(ref Chipset.Uart);
        Chipset.CarryUartInterrupt(processor);
        Chipset.Unlock();
    }

    private void ReportBootTimer()
    {
        if (Chipset.BootTimer.TryTake(out byte mark, out ulong at))
        {
            Console.ReportBootTimer(mark, at - StartTime);
        }
    }

    [InlineArray(Chipset.MaximumProcessors)]
    private struct Entities
    {
        private SchedulingEntity _first;
    }
}
