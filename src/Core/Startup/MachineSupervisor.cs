using System;
using System.Numerics;
using System.Threading;
using Ember.Core.Boards;
using Ember.Core.Console;
using Ember.Core.Devices;
using Ember.Core.Machines;
using Ember.Core.Memory;
using Ember.Core.Processors;
using Ember.Core.Scheduling;
using Ember.Core.Virtualization;
using Ember.Formats.Plans;
using Ember.Platform.Memory;
using Ember.Platform.Processors;
using Ember.Platform.Text;
using Ember.Platform.Time;

namespace Ember.Core.Startup;

/// <summary>
/// Starts the plan's virtual machines, takes back what they held when they stop, and starts them again when their policy says so. All of
/// it happens on the boot processor, between turns.
/// </summary>
internal unsafe partial struct MachineSupervisor<TProcessor>
    where TProcessor : unmanaged, IVirtualProcessor
{
    private const ulong NanosecondsPerMillisecond = 1_000_000;

    private readonly BootInformation* _boot;
    private readonly HostMemory* _memory;
    private readonly Scheduler* _scheduler;
    private readonly VirtualMachine* _machines;
    private readonly MachineHolding* _holdings;
    private readonly RestartTimer* _restarts;
    private readonly MachineDescription* _descriptions;
    private readonly int* _finished;
    private readonly TscClock _clock;
    private readonly uint _tscKilohertz;
    private int _count;
    private int _alive;
    private ulong _wanted;
    private BootConfirmation _confirmation;

    /// <summary>Prepares for the plan's machines.</summary>
    /// <param name="boot">Where their payloads are.</param>
    /// <param name="memory">Where their memory comes from.</param>
    /// <param name="scheduler">Who runs them.</param>
    /// <param name="timer">The clock.</param>
    /// <param name="room"><see cref="BytesNeeded"/> zeroed bytes.</param>
    public MachineSupervisor(BootInformation* boot, HostMemory* memory, Scheduler* scheduler, HostTimer* timer, byte* room)
    {
        _boot = boot;
        _memory = memory;
        _scheduler = scheduler;
        _clock = timer->Clock;
        _tscKilohertz = timer->TscKilohertz;
        _machines = (VirtualMachine*)room;
        _holdings = (MachineHolding*)(_machines + PlanHeader.MaximumCount);
        _restarts = (RestartTimer*)(_holdings + PlanHeader.MaximumCount);
        _descriptions = (MachineDescription*)(_restarts + PlanHeader.MaximumCount);
        _finished = (int*)(_descriptions + PlanHeader.MaximumCount);
        _confirmation = new BootConfirmation(boot->Attempt);
        NextRestart = HostTimer.Never;
    }

    /// <summary>Room for what is kept of all machines of a plan.</summary>
    public static ulong BytesNeeded =>
        ((ulong)(sizeof(VirtualMachine) + sizeof(MachineHolding) + sizeof(RestartTimer) + sizeof(MachineDescription))
            * PlanHeader.MaximumCount) + sizeof(ulong);

    /// <summary>From one virtual processor to the next: they hold vector registers, and each has its cache lines to itself.</summary>
    private static ulong ProcessorStride => ((ulong)sizeof(VirtualProcessor<TProcessor>) + 63) & ~63UL;

    /// <summary>When the next machine is to be started again.</summary>
    public ulong NextRestart { get; private set; }

    /// <summary>Whether any machine was started at all.</summary>
    public bool AnyStarted { get; private set; }

    /// <summary>Whether any machine runs or will run again.</summary>
    public readonly bool AnyAlive => _alive != 0;

    /// <summary>Starts the machines that start with the appliance; lines say which do not, and why.</summary>
    public void StartAll(in Plan plan, ulong now)
    {
        _count = (int)plan.Header.MachineCount;
        bool allStarted = true;
        for (int i = 0; i < _count; i++)
        {
            ref readonly PlanMachine machine = ref plan.Machine(i);
            _machines[i].Number = i;
            _machines[i].Console = new MachineConsole(Plan.NameOf(in machine), i);
            _machines[i].Console.Connect();
            _descriptions[i].ProcessorCount = (int)machine.ProcessorCount;
            _descriptions[i].MemoryBytes = machine.MemoryBytes;
            BoardTicks.Run(HostProcessors.At(HostProcessors.Boot));
            if (machine.Start == StartPolicy.WithAppliance)
            {
                Start(in plan, i, now);
                allStarted &= _descriptions[i].State == MachineState.Running;
            }
        }

        if (allStarted)
        {
            _confirmation.Begin(now);
        }

        Board.Show(allStarted ? BoardState.Running : BoardState.Degraded);
        ReportStart(in plan);
        MemoryReport.Write(in *_memory);
    }

    /// <summary>Whether there is something for <see cref="Attend"/>.</summary>
    public readonly bool HasWork(ulong now) => Volatile.Read(in *_finished) != 0 || now >= NextRestart || _wanted != 0
        || _confirmation.IsDue(now);

    /// <summary>The appliance ends.</summary>
    public void Finish() => _confirmation.Send();

    /// <summary>Takes in what has stopped and starts again what is due. No virtual processor is loaded here.</summary>
    public void Attend(in Plan plan, ulong now)
    {
        if (_confirmation.IsDue(now))
        {
            _confirmation.Send();
        }

        NextRestart = HostTimer.Never;
        for (int i = 0; i < _count; i++)
        {
            if (_machines[i].Phase == MachinePhase.Finished)
            {
                Interlocked.Decrement(ref *_finished);
                Collect(in plan, i, now);
            }

            bool wanted = ((_wanted >> i) & 1) != 0;
            if (wanted && _machines[i].Phase is MachinePhase.Stopped or MachinePhase.WaitsForRestart)
            {
                Start(in plan, i, now);
            }
            else if (_machines[i].Phase == MachinePhase.WaitsForRestart)
            {
                if (_restarts[i].At <= now)
                {
                    Start(in plan, i, now);
                }
                else if (_restarts[i].At < NextRestart)
                {
                    NextRestart = _restarts[i].At;
                }
            }
        }

        _wanted = 0;
    }

    private void Start(in Plan plan, int index, ulong now)
    {
        ref VirtualMachine machine = ref _machines[index];
        _alive -= machine.Phase == MachinePhase.WaitsForRestart ? 1 : 0;
        machine.Phase = MachinePhase.Stopped;
        _descriptions[index].State = MachineState.NotStarted;
        LineBuffer fault = default;
        fault.Append(": not started: "u8);
        if (!TryPrepare(in plan, index, now, ref fault))
        {
            _holdings[index].Return(ref *_memory);
            machine.Console.Report(fault.Text);
            return;
        }

        AnyStarted = true;
        _alive++;
        _descriptions[index].State = MachineState.Running;
        machine.Console.Report(" running"u8);
        machine.Start();
    }

    private bool TryPrepare(in Plan plan, int index, ulong now, ref LineBuffer fault)
    {
        ref readonly PlanMachine described = ref plan.Machine(index);
        ref MachineHolding holding = ref _holdings[index];
        ulong affinity = described.Affinity == 0 ? _scheduler->AllProcessors : described.Affinity & _scheduler->AllProcessors;
        if (affinity == 0)
        {
            fault.Append("it is pinned to processors that are not there"u8);
            return false;
        }

        uint domain = described.Affinity == 0
            ? MemoryDomains.Any
            : _memory->Domains.Of(HostProcessors.At(BitOperations.TrailingZeroCount(affinity))->ApicId);
        if (!holding.TryTakeRam(ref *_memory, described.MemoryBytes, TProcessor.HasHugeNestedPages, domain))
        {
            fault.Append("needs "u8);
            fault.AppendSize(described.MemoryBytes);
            fault.Append(" in one piece, the largest free is "u8);
            fault.AppendSize(_memory->LargestGuest);
            return false;
        }

        ulong count = described.ProcessorCount;
        ulong stateBytes = ProcessorStride * count;
        ulong pageBytes = TProcessor.PagesNeeded * PageTables.PageSize * count;
        if (!holding.TryMap(ref *_memory, TProcessor.HasHugeNestedPages, TProcessor.NestedFormat)
            || !holding.TryTakeProcessors(ref *_memory, stateBytes, pageBytes))
        {
            fault.Append("too little memory for its page tables and state"u8);
            return false;
        }

        var guest = new GuestMemory(holding.Ram, described.MemoryBytes);
        ReadOnlySpan<byte> refusal = MachineLoader.Load(in plan, in described, in guest, _boot, out GuestEntry entry);
        fault.Append(refusal);
        if (refusal.IsEmpty)
        {
            Assemble(index, in described, affinity, in guest, in entry, now);
        }

        return refusal.IsEmpty;
    }

    /// <summary>Its clocks are the host's: nanosecond 0 is when the host's clock started, and its counter is the host's own.</summary>
    private void Assemble(
        int index, in PlanMachine described, ulong affinity, in GuestMemory guest, in GuestEntry entry, ulong now)
    {
        var machine = _machines + index;
        var configuration = new ChipsetConfiguration
        {
            Clock = _clock,
            WallClockSeconds = _boot->WallClockSeconds + ((_clock.Start - _boot->WallClockTicks) / (_tscKilohertz * 1000UL)),
            ProcessorCount = (int)described.ProcessorCount,
            MemorySize = described.MemoryBytes,
            Memory = guest,
        };
        machine->Chipset.Initialize(in configuration);
        machine->NestedRoot = _holdings[index].NestedRoot;
        machine->StartTime = now;
        machine->Initialize(_scheduler, _finished, in described, affinity);
        for (int i = 0; i < configuration.ProcessorCount; i++)
        {
            byte* pages = _holdings[index].Pages + ((ulong)i * TProcessor.PagesNeeded * PageTables.PageSize);
            VirtualProcessor<TProcessor>* processor = Processor(index, i);
            processor->Initialize(machine, i, _tscKilohertz, pages, in entry);
            machine->Entity(i)->Owner = processor;
        }
    }

    private readonly void ReportStart(in Plan plan)
    {
        LineBuffer line = default;
        line.AppendDecimal((uint)_alive);
        line.Append(" of "u8);
        line.AppendDecimal(plan.Header.MachineCount);
        line.Append(_count == 1 ? " virtual machine runs, "u8 : " virtual machines run, "u8);
        line.AppendSeconds((Cpu.ReadTimeStampCounter() - _boot->EntryTicks) / _tscKilohertz * NanosecondsPerMillisecond);
        line.Append(" s after the core's start"u8);
        SystemConsole.WriteLine(line.Text);
    }

    private readonly VirtualProcessor<TProcessor>* Processor(int machine, int number) =>
        (VirtualProcessor<TProcessor>*)(_holdings[machine].States + ((ulong)number * ProcessorStride));

    private void Collect(in Plan plan, int index, ulong now)
    {
        ref VirtualMachine machine = ref _machines[index];
        ulong exits = 0;
        for (int i = 0; i < machine.ProcessorCount; i++)
        {
            exits += Processor(index, i)->Exits;
        }

        machine.Console.ReportUse(exits, machine.Chipset.UnknownPortBytes);
        _descriptions[index].EarlierRunTime += machine.RunTime;
        _holdings[index].Return(ref *_memory);
        if (_restarts[index].TryPlan(plan.Machine(index).Restart, machine.StopReason, machine.StartTime, now))
        {
            machine.Phase = MachinePhase.WaitsForRestart;
            _descriptions[index].State = MachineState.Restarting;
            return;
        }

        machine.Phase = MachinePhase.Stopped;
        _descriptions[index].State = machine.StopReason is MachineStop.PoweredOff or MachineStop.SwitchedOff
            ? MachineState.PoweredOff
            : MachineState.Stopped;
        _alive--;
        MemoryReport.Write(in *_memory);
    }
}
