using System.Runtime.CompilerServices;
using Ember.Core.Boards;
using Ember.Core.Console;
using Ember.Core.Machines;
using Ember.Core.Processors;
using Ember.Core.Scheduling;
using Ember.Core.Virtualization;
using Ember.Formats.Plans;
using Ember.Platform.Auditing;
using Ember.Platform.Processors;

namespace Ember.Core.Startup;

/// <summary>What a physical processor does from the start of the first virtual machine on: one turn after the other.</summary>
internal unsafe struct ProcessorLoop<TProcessor>
    where TProcessor : unmanaged, IVirtualProcessor
{
    /// <summary>Nanoseconds from one look at serial port and keyboard to the next: reading them takes longer than changing guests.</summary>
    private const ulong LeastPoll = 100_000;

    private readonly Scheduler* _scheduler;
    private readonly HostProcessor* _processor;
    private readonly HostContext* _context;
    private VirtualProcessor<TProcessor>* _loaded;
    private ulong _wakeTime;
    private TurnEnd _end;

    /// <summary>Switches the processor's virtualization extension on.</summary>
    /// <param name="scheduler">Who says what runs.</param>
    /// <param name="processor">The processor, which calls this itself.</param>
    /// <param name="context">What the extension keeps of the processor, zeroed.</param>
    /// <param name="pages">Zeroed pages for the extension.</param>
    public ProcessorLoop(Scheduler* scheduler, HostProcessor* processor, HostContext* context, byte* pages)
    {
        _scheduler = scheduler;
        _processor = processor;
        _context = context;
        TProcessor.Enable(ref *context, pages);
    }

    /// <summary>Runs turns for good.</summary>
    [LoopBound(LoopBoundAttribute.Waits, "a virtual processor runs once a round, or nothing does")]
    public void Run()
    {
        while (true)
        {
            Turn(HostTimer.Never);
        }
    }

    /// <summary>
    /// Runs turns and sees to the machines, until none is left that runs or will run and the plan does not want to stay for that.
    /// </summary>
    [LoopBound(LoopBoundAttribute.Waits, "a virtual processor runs once a round, or nothing does")]
    public void Supervise(ref MachineSupervisor<TProcessor> supervisor, in Plan plan)
    {
        bool powersOff = plan.Header.AfterLastMachine == AfterLastMachine.PowerOff;
        bool stays = false;
        ulong poll = 0;
        while (true)
        {
            ulong now = _processor->Timer.Now;
            if (supervisor.HasWork(now))
            {
                Clear();
                supervisor.Attend(in plan, now);
            }

            if (now >= poll)
            {
                SystemConsole.Poll(ref supervisor, now);
                poll = now + LeastPoll;
            }

            if (!supervisor.AnyAlive && powersOff && supervisor.AnyStarted)
            {
                Clear();
                supervisor.Finish();
                return;
            }

            if (!supervisor.AnyAlive && !stays)
            {
                PowerControl.ReportStay();
            }

            if (supervisor.AnyAlive && stays)
            {
                Board.Show(BoardState.Running);
            }

            stays = !supervisor.AnyAlive;

            // A turn that ends before the next look may have been ended by what there is to see.
            ulong latest = poll - now < LeastPoll ? poll : now + SystemConsole.NanosecondsPerAdvance;
            Turn(latest < supervisor.NextRestart ? latest : supervisor.NextRestart);
        }
    }

    /// <summary>Runs what the scheduler chooses, or waits.</summary>
    /// <param name="latest">When to come back at the latest.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Turn(ulong latest)
    {
        BoardTicks.Run(_processor);
        ref HostTimer timer = ref _processor->Timer;
        SchedulingEntity* entity = _scheduler->Switch(
            _processor->Index, _end, _wakeTime, timer.Now, out ulong until, out ulong interrupt);
        HostProcessors.Interrupt(interrupt);
        until = until < latest ? until : latest;
        if (entity == null)
        {
            _end = TurnEnd.Preempted;
            timer.Arm(until);
            Cpu.WaitForInterrupt();
            timer.Disarm();
            return;
        }

        var next = (VirtualProcessor<TProcessor>*)entity->Owner;
        if (next != _loaded)
        {
            Load(next);
        }

        _end = next->Run((HostTimer*)Unsafe.AsPointer(ref timer), _processor->Index, until);
        _wakeTime = next->WakeTime;
        if (_end == TurnEnd.Finished)
        {
            Retire(next);
        }
    }

    private void Load(VirtualProcessor<TProcessor>* next)
    {
        Clear();
        next->Load(ref *_context);
        _loaded = next;
    }

    /// <summary>Takes the virtual processor that ran last out of this one.</summary>
    private void Clear()
    {
        if (_loaded != null)
        {
            _loaded->Unload(ref *_context);
            _loaded = null;
        }
    }

    /// <summary>After this nothing here leads to the virtual processor any more: its memory may be taken back.</summary>
    private void Retire(VirtualProcessor<TProcessor>* finished)
    {
        VirtualMachine* machine = finished->Machine;
        Clear();
        _scheduler->Leave(_processor->Index, _processor->Timer.Now);
        machine->Retire();
    }
}
