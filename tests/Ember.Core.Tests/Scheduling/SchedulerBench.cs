using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Ember.Core.Scheduling;

namespace Ember.Core.Tests.Scheduling;

/// <summary>Processors that run what the scheduler gives them, in simulated time.</summary>
internal sealed unsafe class SchedulerBench : IDisposable
{
    private readonly Scheduler* _scheduler = (Scheduler*)NativeMemory.AllocZeroed((nuint)sizeof(Scheduler));
    private readonly List<nint> _blocks = [];
    private readonly Processor[] _processors;

    public SchedulerBench(int processors)
    {
        _scheduler->Initialize(processors);
        _processors = new Processor[processors];
        for (int i = 0; i < processors; i++)
        {
            _processors[i] = new Processor();
        }
    }

    public Scheduler* Scheduler => _scheduler;

    public ulong Now { get; private set; }

    /// <summary>Adds a virtual processor that always has something to do, or sleeps until it is woken.</summary>
    public SchedulingEntity* Add(uint weight = 100, uint cap = 0, ulong affinity = ulong.MaxValue, bool ready = true)
    {
        var share = (MachineShare*)NativeMemory.AllocZeroed((nuint)sizeof(MachineShare));
        share->Initialize(cap);
        var entity = (SchedulingEntity*)NativeMemory.AllocZeroed((nuint)sizeof(SchedulingEntity));
        entity->Share = share;
        entity->Weight = weight;
        entity->Affinity = affinity & _scheduler->AllProcessors;
        _blocks.Add((nint)share);
        _blocks.Add((nint)entity);
        Interrupt(_scheduler->Add(entity, ready));
        return entity;
    }

    /// <summary>Wakes a sleeper.</summary>
    public void Wake(SchedulingEntity* entity)
    {
        entity->Notice();
        Interrupt(_scheduler->Wake(entity));
    }

    /// <summary>What a processor runs; null for nothing.</summary>
    public SchedulingEntity* RunningOn(int processor) => _processors[processor].Running;

    /// <summary>Lets time pass, every processor running what it was given until its turn is over or it is interrupted.</summary>
    /// <param name="until">The time.</param>
    /// <param name="turnEnd">Says how a turn that nothing else ended ends, and when it goes on; null for busy ones.</param>
    public void Run(ulong until, Func<nint, (bool Halts, ulong WakeTime)>? turnEnd = null)
    {
        while (true)
        {
            int next = 0;
            for (int i = 1; i < _processors.Length; i++)
            {
                next = _processors[i].Until < _processors[next].Until ? i : next;
            }

            Processor processor = _processors[next];
            if (processor.Until > until)
            {
                Now = until;
                return;
            }

            Now = Math.Max(Now, processor.Until);
            Switch(next, processor, turnEnd);
        }
    }

    /// <summary>Ends all turns, so that their time is counted.</summary>
    public void Settle()
    {
        Interrupt(ulong.MaxValue);
        Run(Now);
    }

    public void Dispose()
    {
        NativeMemory.Free(_scheduler);
        _blocks.ForEach(block => NativeMemory.Free((void*)block));
    }

    private void Switch(int number, Processor processor, Func<nint, (bool Halts, ulong WakeTime)>? turnEnd)
    {
        (bool halts, ulong wakeTime) = processor.Running == null || turnEnd == null ? (false, 0) : turnEnd((nint)processor.Running);
        SchedulingEntity* previous = processor.Running;
        processor.Running = _scheduler->Switch(
            number, halts ? TurnEnd.Halted : TurnEnd.Preempted, wakeTime, Now, out ulong end, out ulong interrupt);
        if (previous != null && previous != processor.Running)
        {
            previous->IsLoaded = false;
        }

        if (processor.Running != null)
        {
            processor.Running->IsLoaded = true;
            processor.Running->TakeNotice();
        }

        processor.Until = processor.Running != null && turnEnd != null ? Math.Min(end, Now + 100_000) : end;
        Interrupt(interrupt);
    }

    private void Interrupt(ulong processors)
    {
        for (int i = 0; i < _processors.Length; i++)
        {
            if (((processors >> i) & 1) != 0)
            {
                _processors[i].Until = Now;
            }
        }
    }

    private sealed class Processor
    {
        public SchedulingEntity* Running;
        public ulong Until;
    }
}
