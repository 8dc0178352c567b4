using System;
using System.Runtime.CompilerServices;
using Ember.Core.Boards;
using Ember.Core.Console;
using Ember.Core.Processors;
using Ember.Formats.Plans;
using Ember.Platform.Acpi;
using Ember.Platform.Console;
using Ember.Platform.Interrupts;
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

    /// <summary>The processor that the firmware started.</summary>
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
        if (_space.Root == 0 || !_processor.TryPrepare(in _space, (ulong)stacks))
        {
            Crash.Stop("memory: too little for page tables"u8);
            return;
        }

        _processor.TakeOver(in _space);
        HostProcessors.Add((HostProcessor*)Unsafe.AsPointer(ref _processor));
        Cpu.MainOnStack((void*)_processor.Stack.High, boot);
    }

    /// <summary>Continues on the core's own stack; never returns.</summary>
    public static void Continue(BootInformation* boot)
    {
        _memory.ReclaimBootServices();
        _memory.FindDomains(boot->AcpiRoot);
        RuntimeFirmware.Prepare(boot->RuntimeServices, _memory.BuildFirmwareSpace(boot, HostProcessor.HasHugePages));
        byte* table = AcpiTables.TryOpen(boot->AcpiRoot, out AcpiTables acpi) ? acpi.Find("APIC"u8) : null;
        Madt madt = table == null ? default : Madt.Read(table, Board.ConsolePort == SerialPort.Com2 ? (byte)3 : (byte)4);
        ref ProcessorList processors = ref madt.Processors.Count != 0 ? ref madt.Processors : ref boot->Processors;
        HostProcessors.Apic = LocalApic.Choose(processors.HasLongIds);
        if (!_processor.TryStartClocks(in _space, in madt))
        {
            Crash.Stop("processor: its clocks cannot be measured: the 8254 timer does not run"u8);
            return;
        }

        if (table != null)
        {
            ReportFault(madt.FaultFor(_processor.ApicId));
        }

        ProcessorStart.Run(in processors, boot->StartPages, ref _memory, in _space);
        SystemConsole.OpenKeyboard();
        ReportHost();
        Board.Start();
        Plan.TryRead(new ReadOnlySpan<byte>(boot->Plan, (int)boot->PlanLength), out Plan plan);
        Crash.Provoke(plan.Header.LabCrash);
        if (MachineStart.RunAll(in plan, boot, ref _memory, (HostProcessor*)Unsafe.AsPointer(ref _processor)))
        {
            SystemConsole.WriteLine("powering off"u8);
            PowerControl.PowerOff();
        }

        PowerControl.Stay();
    }

    /// <summary>What the other processors do; never returns.</summary>
    public static void ContinueProcessor(HostProcessor* processor)
    {
        processor->Join(in _processor, in _space);
        ProcessorStart.Answer();
        MachineStart.RunProcessor(processor);
    }

    private static void ReportFault(ReadOnlySpan<byte> fault)
    {
        if (!fault.IsEmpty)
        {
            LineBuffer line = default;
            line.Append("firmware: ACPI table MADT: "u8);
            line.Append(fault);
            line.Append("; going on with what it names"u8);
            SystemConsole.WriteLine(line.Text);
        }
    }

    private static void ReportHost()
    {
        LineBuffer line = default;
        line.Append("[3/4] the machine is ours: "u8);
        line.AppendSize(_memory.Free.FreeBytes);
        line.Append(" free"u8);
        if (_memory.Domains.Count > 1)
        {
            line.Append(" in "u8);
            line.AppendDecimal((uint)_memory.Domains.Count);
            line.Append(" domains"u8);
        }

        line.Append(", "u8);
        line.AppendDecimal((uint)HostProcessors.Count);
        line.Append(HostProcessors.Count == 1 ? " processor, TSC "u8 : " processors, TSC "u8);
        line.AppendDecimal(_processor.Timer.TscKilohertz / 1000);
        line.Append(" MHz"u8);
        SystemConsole.WriteLine(line.Text);
    }
}
