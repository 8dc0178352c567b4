using System;
using System.Runtime.InteropServices;
using Ember.Core.Console;
using Ember.Core.Devices;
using Ember.Core.Machines;
using Ember.Core.Memory;
using Ember.Core.Processors;
using Ember.Core.Tests.Hosting;
using Ember.Core.Virtualization;
using Ember.Platform.Processors;
using Ember.Platform.Time;

namespace Ember.Core.Tests.Machines;

/// <summary>A virtual machine around a scripted processor, on hardware a test controls. The clock runs at 1 GHz: a tick is a nanosecond.</summary>
internal sealed unsafe class MachineBench : IDisposable
{
    /// <summary>Where the scripted guest's code lies.</summary>
    public const ulong CodeAddress = 0x1000;

    private const ulong MemorySize = 1 << 20;
    private readonly byte* _ram = (byte*)NativeMemory.AllocZeroed((nuint)MemorySize);
    private readonly byte* _apic = (byte*)NativeMemory.AllocZeroed(4096);
    private readonly HostTimer* _timer = (HostTimer*)NativeMemory.AllocZeroed((nuint)sizeof(HostTimer));
    private readonly VirtualMachine<FakeProcessor>* _machine =
        (VirtualMachine<FakeProcessor>*)NativeMemory.AllocZeroed((nuint)sizeof(VirtualMachine<FakeProcessor>));

    public MachineBench()
    {
        FakeProcessor.Steps.Clear();
        FakeProcessor.Events.Clear();
        Hardware.CpuidLeaves[(0, 0)] = new CpuidResult { Eax = 0xD };
        Hardware.CpuidLeaves[(0x8000_0000, 0)] = new CpuidResult { Eax = 0x8000_0008 };
        SystemConsole.Initialize();
        SystemConsole.OpenGuests(1);
        *_timer = new HostTimer(new Platform.Interrupts.LocalApic(_apic), 1_000_000, 1_000_000_000);
        var configuration = new ChipsetConfiguration
        {
            Clock = new TscClock(1_000_000, Hardware.TimeStampCounter),
            MemorySize = MemorySize,
            Memory = new GuestMemory(_ram, MemorySize),
        };
        var entry = new GuestEntry { Rip = CodeAddress };
        var console = new MachineConsole("test"u8, 0);
        _machine->Initialize(in console, in configuration, in entry, _timer, null, 0);
    }

    public FakeHardware Hardware { get; } = new();

    /// <summary>Counts the host's alarm was last set to.</summary>
    public uint AlarmCount => *(uint*)(_apic + 0x380);

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
        return _machine->Run();
    }

    public void Dispose()
    {
        NativeMemory.Free(_machine);
        NativeMemory.Free(_timer);
        NativeMemory.Free(_apic);
        NativeMemory.Free(_ram);
    }
}
