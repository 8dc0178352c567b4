using Ember.Core.Devices;
using Ember.Core.Processors;
using Ember.Core.Scheduling;
using Ember.Core.Virtualization;
using Ember.Platform.Auditing;

namespace Ember.Core.Machines;

/// <summary>A virtual processor: the vendor's back end, and the loop in which it meets the machine around it.</summary>
/// <typeparam name="TProcessor">The vendor's back end.</typeparam>
internal unsafe partial struct VirtualProcessor<TProcessor>
    where TProcessor : unmanaged, IVirtualProcessor
{
    /// <summary>Nanoseconds from one alarm to the next: a guest whose timer has a shorter period than an exit takes would not come to run an
    /// instruction, nor to stop the timer.</summary>
    private const ulong ShortestPause = 20_000;

    private TProcessor _processor;
    private GuestCpuid _cpuid;
    private CodePage _codePage;
    private VirtualMachine* _machine;
    private ProcessorDevices* _devices;
    private SchedulingEntity* _entity;
    private HostTimer* _timer;
    private ulong _until;

    // The event that the alarm was last set for, if the turn does not end before it.
    private ulong _armedEvent;
    private ulong _noAlarmBefore;
    private int _host;
    private int _number;
    private ProcessorActivity _activity;

    // The task priority that the back end and the local APIC last agreed on.
    private byte _priority;
    private GuestEntry _entry;

    /// <summary>Prepares a processor that has not run yet.</summary>
    /// <param name="machine">Its machine, initialized.</param>
    /// <param name="number">0 for the one that starts the machine; the others wait for a start-up interrupt.</param>
    /// <param name="tscKilohertz">Frequency of the time-stamp counter.</param>
    /// <param name="pages">Zeroed pages for the back end.</param>
    /// <param name="entry">Where the one that starts the machine begins.</param>
    public void Initialize(VirtualMachine* machine, int number, uint tscKilohertz, byte* pages, in GuestEntry entry)
    {
        _machine = machine;
        _number = number;
        _devices = machine->Devices(number);
        _entity = machine->Entity(number);
        _priority = 0;
        _activity = number == 0 ? ProcessorActivity.Entering : ProcessorActivity.WaitForStartUp;
        _entry = entry;
        _cpuid.Initialize(tscKilohertz, number, machine->ProcessorCount);
        _processor.Initialize(pages, machine->NestedRoot, machine->Identity);
    }

    /// <summary>Its machine.</summary>
    public readonly VirtualMachine* Machine => _machine;

    /// <summary>Exits it has had.</summary>
    public ulong Exits { get; private set; }

    /// <summary>When it goes on after it has halted, if nothing is sent to it before.</summary>
    public readonly ulong WakeTime => _devices->NextEvent;

    /// <summary>Takes a physical processor: its registers go into that.</summary>
    public void Load(ref HostContext context)
    {
        _entity->IsLoaded = true;
        _processor.Load(ref context);
    }

    /// <summary>Gives the physical processor back.</summary>
    public void Unload(ref HostContext context)
    {
        _processor.Unload(ref context);
        _entity->IsLoaded = false;
    }

    /// <summary>Runs on the physical processor it is loaded in, until its turn ends.</summary>
    /// <param name="timer">The physical processor's alarm.</param>
    /// <param name="host">The physical processor's number.</param>
    /// <param name="until">When the turn ends at the latest.</param>
    [LoopBound(LoopBoundAttribute.Waits, "the guest runs once a round")]
    public TurnEnd Run(HostTimer* timer, int host, ulong until)
    {
        _timer = timer;
        _host = host;
        EndBy(until);
        PassTime(timer->Now);
        TurnEnd end = _entity->IsNoticed ? TakeNotice() : Awaken();
        while (end == TurnEnd.None)
        {
            if (_devices->NextEvent != _armedEvent && !TryArm())
            {
                return TurnEnd.Preempted;
            }

            if (_devices->Apic.InterruptPending)
            {
                DeliverInterrupt();
            }

            _processor.Run(out VmExit exit);
            Exits++;
            if (_processor.TaskPriority != _priority)
            {
                TakePriority();
            }

            end = Handle(in exit);
            if (_entity->IsNoticed && end == TurnEnd.None)
            {
                end = TakeNotice();
            }
        }

        return end;
    }

    /// <summary>Sets the alarm; false, and nothing done, if the turn has ended.</summary>
    private bool TryArm()
    {
        if (_until == 0)
        {
            return false;
        }

        _armedEvent = _devices->NextEvent;
        ulong next = _armedEvent > _noAlarmBefore ? _armedEvent : _noAlarmBefore;
        _timer->Arm(next < _until ? next : _until);
        return true;
    }

    /// <summary>Sets when the turn ends at the latest.</summary>
    private void EndBy(ulong until)
    {
        _until = until;
        ForgetAlarm();
    }

    /// <summary>The alarm is to be looked at before the guest runs on, whatever the next event is.</summary>
    private void ForgetAlarm() => _armedEvent = HostTimer.Never - 1;

    /// <summary>The guest has written CR8.</summary>
    private void TakePriority()
    {
        _priority = _processor.TaskPriority;
        _devices->Apic.TaskPriority = _priority;
    }

    /// <summary>The guest may have written the local APIC's register.</summary>
    private void PassPriority()
    {
        _priority = _devices->Apic.TaskPriority;
        _processor.TaskPriority = _priority;
    }

    private void DeliverInterrupt()
    {
        if (_devices->Apic.IsNonMaskable)
        {
            DeliverNonMaskable();
        }
        else if (_processor.CanTakeInterrupt)
        {
            _processor.InjectInterrupt(_machine->Chipset.AcknowledgeInterrupt(_number));
        }
        else
        {
            _processor.RequestInterruptWindow();
        }
    }

    private void DeliverNonMaskable()
    {
        if (_processor.CanTakeNonMaskable)
        {
            _devices->Apic.TakeNonMaskable();
            _processor.InjectNonMaskable();
        }
        else
        {
            _processor.RequestNonMaskableWindow();
        }
    }

    /// <summary>Looks what was left for it: the machine stops, mail for the local APIC, input for the console.</summary>
    private TurnEnd TakeNotice()
    {
        _entity->TakeNotice();
        if (_machine->IsStopping)
        {
            return TurnEnd.Finished;
        }

        InboxSignals signals = _machine->Chipset.TakeMail(_number);
        if ((signals & InboxSignals.Init) != 0 && !TryReset())
        {
            return TurnEnd.Finished;
        }

        if ((signals & InboxSignals.StartUp) != 0 && _activity == ProcessorActivity.WaitForStartUp)
        {
            _processor.Start(_devices->Inbox.StartUpVector);
            Activate();
        }

        ReceiveInput();
        NotifyOthers();
        return Awaken();
    }

    /// <summary>INIT. On the processor that starts the machine it would lead to firmware, which there is none of: the machine starts
    /// again.</summary>
    private bool TryReset()
    {
        if (_number == 0)
        {
            _machine->Stop(MachineStop.Reset);
            return false;
        }

        _processor.Reset();
        _machine->Chipset.ResetProcessor(_number);
        PassPriority();
        Rest(ProcessorActivity.WaitForStartUp);
        return true;
    }

    /// <returns>Whether it goes on, or has nothing to do.</returns>
    private TurnEnd Awaken()
    {
        if (_activity == ProcessorActivity.Active)
        {
            return TurnEnd.None;
        }

        bool wakes = _activity switch
        {
            ProcessorActivity.Entering => true,
            ProcessorActivity.Halted => _devices->Apic.InterruptPending,
            ProcessorActivity.Deaf => _devices->Apic.IsNonMaskable,
            _ => false,
        };
        if (!wakes)
        {
            return TurnEnd.Halted;
        }

        if (_activity == ProcessorActivity.Entering)
        {
            _processor.Enter(in _entry);
        }

        Activate();
        return TurnEnd.None;
    }

    private void Activate()
    {
        if (_activity > ProcessorActivity.Halted)
        {
            _machine->CountDeaf(-1);
        }

        _activity = ProcessorActivity.Active;
    }

    /// <summary>When no processor hears anything any more, the machine has stopped.</summary>
    private void Rest(ProcessorActivity activity)
    {
        int change = (activity > ProcessorActivity.Halted ? 1 : 0) - (_activity > ProcessorActivity.Halted ? 1 : 0);
        _activity = activity;
        if (change != 0)
        {
            _machine->CountDeaf(change);
        }
    }

    /// <summary>Interrupts the physical processors that have something new to do; this one ends its turn.</summary>
    private void NotifyOthers()
    {
        ulong wakeups = _machine->Chipset.TakeWakeups();
        if (wakeups != 0 && ((_machine->Notify(wakeups) >> _host) & 1) != 0)
        {
            EndBy(0);
        }
    }

    /// <summary>Runs what is due.</summary>
    private void PassTime(ulong now)
    {
        if (now >= _devices->NextEvent)
        {
            _machine->Chipset.Advance(_number, now);
            NotifyOthers();
        }

        ReceiveInput();
    }

    /// <summary>What was typed goes in as far as there is room, and the rest the next time.</summary>
    private void ReceiveInput()
    {
        if (_number == 0 && _machine->Console.HasInput)
        {
            _machine->ReceiveInput(_number);
        }
    }

    private TurnEnd Stop(MachineStop stop, in VmExit exit)
    {
        _machine->Stop(stop, in exit, _processor.InstructionPointer);
        return TurnEnd.Finished;
    }
}
