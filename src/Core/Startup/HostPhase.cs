using System;
using System.Runtime.CompilerServices;
using Ember.Core.Console;
using Ember.Core.Processors;
using Ember.Formats.Plans;
using Ember.Platform.Memory;
using Ember.Platform.Processors;
using Ember.Platform.Text;

namespace Ember.Core.Startup;

/// <summary>From the firmware's exit to the first virtual machine: the machine becomes ours.</summary>
internal static unsafe class HostPhase
{
    private static HostMemory _memory;
    private static PageTables _space;
    private static HostProcessor _processor;

    /// <summary>The processor this core runs on.</summary>
    public static ref HostProcessor Processor => ref _processor;

    /// <summary>Leaves the firmware's stack, page tables and descriptor tables behind; never returns.</summary>
    public static void Run(BootInformation* boot)
    {
        if (!_memory.TryInitialize(boot)
            || !_memory.TryTakeZeroed(MemoryAccount.Stacks, HostProcessor.StacksBytes, PageTables.PageSize, out byte* stacks))
        {
            Crash.Stop("memory: too little left by the firmware"u8);
            return;
        }

        _space = _memory.BuildAddressSpace(boot, HostProcessor.HasHugePages);
        if (_space.Root == 0 || !_processor.TryTakeOver(in _space, (ulong)stacks))
        {
            Crash.Stop("memory: too little for page tables"u8);
            return;
        }

        Cpu.MainOnStack((void*)_processor.Stack.High, boot);
    }

    /// <summary>Continues on the core's own stack; never returns.</summary>
    public static void Continue(BootInformation* boot)
    {
        _memory.ReclaimBootServices(boot);
        PowerControl.Prepare(boot, _memory.BuildFirmwareSpace(boot, HostProcessor.HasHugePages));
        if (!_processor.TryStartClocks(in _space, boot->AcpiRoot))
        {
            Crash.Stop("processor: its clocks cannot be measured: the 8254 timer does not run"u8);
            return;
        }

        SystemConsole.OpenKeyboard();
        ReportHost();
        Plan.TryRead(new ReadOnlySpan<byte>(boot->Plan, (int)boot->PlanLength), out Plan plan);
        Crash.Provoke(plan.Header.LabCrash);
        bool anyRan = MachineStart.RunAll(in plan, boot, ref _memory, (HostTimer*)Unsafe.AsPointer(ref _processor.Timer));
        if (anyRan && plan.Header.AfterLastMachine == AfterLastMachine.PowerOff)
        {
            SystemConsole.WriteLine("powering off"u8);
            PowerControl.PowerOff();
        }

        PowerControl.Stay();
    }

    private static void ReportHost()
    {
        LineBuffer line = default;
        line.Append("[3/4] the machine is ours: "u8);
        line.AppendSize(_memory.Free.FreeBytes);
        line.Append(" free, TSC "u8);
        line.AppendDecimal(_processor.Timer.TscKilohertz / 1000);
        line.Append(" MHz"u8);
        SystemConsole.WriteLine(line.Text);
    }
}
