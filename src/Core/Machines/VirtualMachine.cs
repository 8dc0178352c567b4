using Ember.Core.Devices;
using Ember.Core.Processors;
using Ember.Core.Virtualization;
using Ember.Platform.Auditing;

namespace Ember.Core.Machines;

/// <summary>A virtual machine: one virtual processor, the chip set around it, and the loop in which they meet.</summary>
/// <typeparam name="TProcessor">The vendor's back end.</typeparam>
internal unsafe partial struct VirtualMachine<TProcessor>
    where TProcessor : unmanaged, IVirtualProcessor
{
    private TProcessor _processor;
    private Chipset _chipset;
    private GuestCpuid _cpuid;
    private CodePage _codePage;
    private MachineConsole _console;
    private HostTimer* _timer;
    private ulong _exits;

    /// <summary>Wires a machine whose memory is loaded and puts its processor at the boot protocol's entry point.</summary>
    /// <param name="console">Where it speaks.</param>
    /// <param name="configuration">What its chip set knows.</param>
    /// <param name="entry">Where it starts.</param>
    /// <param name="timer">The processor's alarm.</param>
    /// <param name="pages">Zeroed pages for the back end.</param>
    /// <param name="nestedRoot">Nested page tables.</param>
    public void Initialize(
        in MachineConsole console, in ChipsetConfiguration configuration, in GuestEntry entry, HostTimer* timer, byte* pages,
        ulong nestedRoot)
    {
        _console = console;
        _console.Connect();
        _timer = timer;
        _chipset.Initialize(in configuration);
        _cpuid.Initialize(timer->TscKilohertz);
        _processor.Initialize(pages, nestedRoot);
        _processor.Enter(in entry);
    }

    /// <summary>Runs until the machine stops.</summary>
    [LoopBound(LoopBoundAttribute.Waits, "the guest runs once a round")]
    public MachineStop Run()
    {
        MachineStop stop;
        VmExit exit;
        do
        {
            if (_chipset.InterruptPending)
            {
                DeliverInterrupt();
            }

            _timer->Arm(_chipset.NextEvent);
            _processor.Run(out exit);
            _exits++;
            byte priority = _processor.TaskPriority;
            if (priority != _chipset.TaskPriority)
            {
                _chipset.TaskPriority = priority;
            }

            stop = Handle(in exit);
        }
        while (stop == MachineStop.None);

        _timer->Arm(HostTimer.Never);
        _console.ReportUse(_exits, _chipset.UnknownPortBytes);
        _console.ReportStop(stop, in exit, _processor.InstructionPointer);
        return stop;
    }

    private void DeliverInterrupt()
    {
        if (_processor.CanTakeInterrupt)
        {
            _processor.InjectInterrupt(_chipset.AcknowledgeInterrupt());
        }
        else
        {
            _processor.RequestInterruptWindow();
        }
    }
}
