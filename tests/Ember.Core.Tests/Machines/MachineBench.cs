using System;
using System.Runtime.InteropServices;
using Ember.Core.Console;
using Ember.Core.Devices;
using Ember.Core.Machines;
using Ember.Core.Memory;
using Ember.Core.Processors;
using Ember.Core.Scheduling;
using Ember.Core.Startup;
using Ember.Core.Tests.Console;
using Ember.Core.Tests.Hosting;
using Ember.Core.Virtualization;
using Ember.Formats.Plans;
using Ember.Platform.Processors;

namespace Ember.Core.Tests.Machines;

/// <summary>A virtual machine around a scripted processor, on hardware a test controls. The clock runs at 1 GHz: a tick is a nanosecond.</summary>
internal sealed unsafe class MachineBench : IDisposable
{
    /// <summary>Where the scripted guest's code lies.</summary>
    public const ulong CodeAddress = 0x1000;

    private const ulong MemorySize = 1 << 20;
    private readonly byte* _ram = (byte*)NativeMemory.AllocZeroed((nuint)MemorySize);
    private readonly byte* _apic = (byte*)NativeMemory.AllocZeroed(4096);
    private readonly HostProcessor* _host = (HostProcessor*)NativeMemory.AllocZeroed((nuint)sizeof(HostProcessor));
    private readonly Scheduler* _scheduler = (Scheduler*)NativeMemory.AllocZeroed((nuint)sizeof(Scheduler));
    private readonly VirtualMachine* _machine = (VirtualMachine*)NativeMemory.AllocZeroed((nuint)sizeof(VirtualMachine));
    private readonly VirtualProcessor<FakeProcessor>* _processor =
        (VirtualProcessor<FakeProcessor>*)NativeMemory.AllocZeroed((nuint)sizeof(VirtualProcessor<FakeProcessor>));
    private readonly HostContext* _context = (HostContext*)NativeMemory.AllocZeroed((nuint)sizeof(HostContext));
    private readonly int* _finished = (int*)NativeMemory.AllocZeroed(sizeof(int));

    public MachineBench()
    {
        FakeProcessor.Steps.Clear();
        FakeProcessor.Events.Clear();
        Hardware.CpuidLeaves[(0, 0)] = new CpuidResult { Eax = 0xD };
        Hardware.CpuidLeaves[(0x8000_0000, 0)] = new CpuidResult { Eax = 0x8000_0008 };
        SystemConsole.Initialize();
        SystemConsole.OpenGuests(1);
        _host->Timer = new HostTimer(new Platform.Interrupts.LocalApic(_apic), 1_000_000, 1_000_000_000);
        _scheduler->Initialize(1);
        var configuration = new ChipsetConfiguration
        {
            Clock = _host->Timer.Clock,
            ProcessorCount = 1,
            MemorySize = MemorySize,
            Memory = new GuestMemory(_ram, MemorySize),
        };
        _machine->Console = new MachineConsole("test"u8, 0);
        _machine->Console.Connect();
        _machine->Chipset.Initialize(in configuration);
        var plan = new PlanMachine { Weight = 100 };
        _machine->Initialize(_scheduler, _finished, in plan, 1);
        var entry = new GuestEntry { Rip = CodeAddress };
        _processor->Initialize(_machine, 0, 1_000_000, null, in entry);
        _machine->Entity(0)->Owner = _processor;
    }

    public FakeHardware Hardware { get; } = new();

    /// <summary>Counts the host's alarm was last set to.</summary>
    public uint AlarmCount => *(uint*)(_apic + 0x380);

    /// <summary>The guest's memory.</summary>
    public Span<byte> Memory => new(_ram, (int)MemorySize);

    /// <summary>Puts code where the guest runs.</summary>
    public MachineBench WithCode(params ReadOnlySpan<byte> code)
    {
        code.CopyTo(new Span<byte>(_ram + CodeAddress, code.Length));
        return this;
    }

    /// <summary>Adds a step of the guest.</summary>
    public MachineBench Then(FakeProcessor.Step step)
    {
        FakeProcessor.Steps.Enqueue(step);
        return this;
    }

    /// <summary>Ends the script with a power-off and runs it.</summary>
    /// <returns>Why the machine stopped.</returns>
    public MachineStop Run()
    {
        FakeProcessor.Steps.Enqueue((ref FakeProcessor processor) =>
        {
            processor.Registers.Rax = (AcpiPower.SoftOff << 10) | (1 << 13);
            return new VmExit { Kind = ExitKind.PortWrite, Port = AcpiPower.ControlPort, Size = 2, InstructionLength = 1 };
        });
        var loop = new ProcessorLoop<FakeProcessor>(_scheduler, _host, _context, null);
        _machine->Start();
        FakeDirectory directory = new(new FakeDirectory.Machine("test"));
        while (_machine->Phase != MachinePhase.Finished)
        {
            SystemConsole.Poll(ref directory, _host->Timer.Now);
            loop.Turn(HostTimer.Never);
        }

        return _machine->StopReason;
    }

    public void Dispose()
    {
        NativeMemory.Free(_machine);
        NativeMemory.Free(_processor);
        NativeMemory.Free(_context);
        NativeMemory.Free(_finished);
        NativeMemory.Free(_scheduler);
        NativeMemory.Free(_host);
        NativeMemory.Free(_apic);
        NativeMemory.Free(_ram);
    }
}
