using System;
using System.Runtime.CompilerServices;
using Ember.Core.Console;
using Ember.Core.Devices;
using Ember.Core.Machines;
using Ember.Core.Machines.Acpi;
using Ember.Core.Machines.Linux;
using Ember.Core.Machines.ProtectedMode;
using Ember.Core.Memory;
using Ember.Core.Processors;
using Ember.Core.Virtualization;
using Ember.Core.Virtualization.Svm;
using Ember.Core.Virtualization.Vmx;
using Ember.Formats.Kernels;
using Ember.Formats.Plans;
using Ember.Platform.Memory;
using Ember.Platform.Processors;
using Ember.Platform.Text;
using Ember.Platform.Time;

namespace Ember.Core.Startup;

/// <summary>Makes virtual machines out of the plan and runs them.</summary>
internal static unsafe class MachineStart
{
    /// <summary>Runs the plan's machines one after the other, each until it stops, by the extension this processor has.</summary>
    /// <returns>False when none could be started; lines have said why.</returns>
    public static bool RunAll(in Plan plan, BootInformation* boot, ref HostMemory memory, HostTimer* timer) =>
        VmxProcessor.Support == VirtualizationSupport.Missing
            ? RunAll<SvmProcessor>(in plan, boot, ref memory, timer)
            : RunAll<VmxProcessor>(in plan, boot, ref memory, timer);

    private static bool RunAll<TProcessor>(in Plan plan, BootInformation* boot, ref HostMemory memory, HostTimer* timer)
        where TProcessor : unmanaged, IVirtualProcessor
    {
        VirtualizationSupport support = TProcessor.Support;
        if (support != VirtualizationSupport.Available)
        {
            SystemConsole.WriteLine(VirtualizationSupportText.Of(support));
            return false;
        }

        if (!memory.TryTakeZeroed(
            MemoryAccount.Virtualization, TProcessor.HostPages * PageTables.PageSize, PageTables.PageSize, out byte* pages))
        {
            SystemConsole.WriteLine("memory: too little for the processor's virtualization area"u8);
            return false;
        }

        TProcessor.Enable(pages);
        SystemConsole.OpenGuests((int)plan.Header.MachineCount);
        ReportStart((int)plan.Header.MachineCount);
        bool anyRan = false;
        for (int i = 0; i < (int)plan.Header.MachineCount; i++)
        {
            anyRan |= TryRun<TProcessor>(in plan, i, boot, ref memory, timer);
        }

        return anyRan;
    }

    private static void ReportStart(int count)
    {
        LineBuffer line = default;
        line.Append("[4/4] starting "u8);
        line.AppendDecimal((uint)count);
        line.Append(count == 1 ? " virtual machine"u8 : " virtual machines"u8);
        SystemConsole.WriteLine(line.Text);
    }

    private static bool TryRun<TProcessor>(in Plan plan, int index, BootInformation* boot, ref HostMemory memory, HostTimer* timer)
        where TProcessor : unmanaged, IVirtualProcessor
    {
        ref readonly PlanMachine machine = ref plan.Machine(index);
        var console = new MachineConsole(Plan.NameOf(in machine), 0);
        if (!memory.TryTakeZeroed(MemoryAccount.Guests, machine.MemoryBytes, PageTables.LargePageSize, out byte* ram))
        {
            LineBuffer line = default;
            line.Append(": not started: needs "u8);
            line.AppendSize(machine.MemoryBytes);
            line.Append(" in one piece, the largest free is "u8);
            line.AppendSize(memory.Free.LargestRange);
            console.Report(line.Text);
            return false;
        }

        PageTables nested = memory.NewTables(TProcessor.HasHugeNestedPages, TProcessor.NestedFormat);
        bool mapped = nested.Root != 0
            && nested.Map(0, (ulong)ram, machine.MemoryBytes, PageAttributes.Write | PageAttributes.Execute | PageAttributes.User);
        ulong stateBytes = (ulong)sizeof(VirtualMachine<TProcessor>);
        ulong pageBytes = TProcessor.PagesNeeded * PageTables.PageSize;
        if (!memory.TryTakeZeroed(MemoryAccount.Machines, stateBytes, PageTables.PageSize, out byte* state)
            || !memory.TryTakeZeroed(MemoryAccount.Machines, pageBytes, PageTables.PageSize, out byte* pages)
            || !mapped)
        {
            console.Report(": not started: too little memory for its page tables and state"u8);
            return false;
        }

        var guest = new GuestMemory(ram, machine.MemoryBytes);
        ReadOnlySpan<byte> fault = Load(in plan, in machine, in guest, boot, out GuestEntry entry);
        if (!fault.IsEmpty)
        {
            LineBuffer line = default;
            line.Append(": not started: "u8);
            line.Append(fault);
            console.Report(line.Text);
            return false;
        }

        if (index + 1 == (int)plan.Header.MachineCount)
        {
            memory.ReclaimPayloads(in plan, boot);
        }

        MemoryReport.Write(in memory);

        // The machine's time starts now, and its counter is the host's own.
        ulong ticks = Cpu.ReadTimeStampCounter();
        var configuration = new ChipsetConfiguration
        {
            Clock = new TscClock(timer->TscKilohertz, ticks),
            WallClockSeconds = boot->WallClockSeconds + ((ticks - boot->WallClockTicks) / (timer->TscKilohertz * 1000UL)),
            MemorySize = machine.MemoryBytes,
            Memory = guest,
        };
        timer->Restart(configuration.Clock);
        var virtualMachine = (VirtualMachine<TProcessor>*)state;
        virtualMachine->Initialize(in console, in configuration, in entry, timer, pages, nested.Root);
        console.Report(" running"u8);
        virtualMachine->Run();
        return true;
    }

    /// <returns>Empty, or what is wrong.</returns>
    private static ReadOnlySpan<byte> Load(
        in Plan plan, in PlanMachine machine, in GuestMemory guest, BootInformation* boot, out GuestEntry entry)
    {
        GuestAcpiTables.TryWrite(in guest, (int)machine.ProcessorCount);
        byte* kernel = (byte*)boot->Payloads[(int)machine.KernelPayload];
        ulong kernelLength = plan.Payload((int)machine.KernelPayload).Length;
        BootModules room = default;
        Span<BootModule> modules = ((Span<BootModule>)room).Slice(0, (int)machine.ModuleCount);
        for (int i = 0; i < modules.Length; i++)
        {
            ref readonly PlanModule module = ref plan.Module((int)machine.FirstModule + i);
            ReadOnlySpan<byte> text = plan.TextOf(in module);
            modules[i].Content = (byte*)boot->Payloads[(int)module.Payload];
            modules[i].Length = plan.Payload((int)module.Payload).Length;
            modules[i].Text = (byte*)Unsafe.AsPointer(in text.GetPinnableReference());
            modules[i].TextLength = text.Length;
        }

        if (machine.BootProtocol != BootProtocol.Linux64)
        {
            var images = new ProtectedModeImages
            {
                Protocol = machine.BootProtocol,
                Kernel = new ReadOnlySpan<byte>(kernel, (int)kernelLength),
                Modules = modules,
                CommandLine = plan.CommandLine(in machine),
                Rsdp = GuestAcpiTables.Address,
            };
            KernelStatus status = ProtectedModeBoot.TryLoad(in guest, ref images, out entry);
            return status == KernelStatus.Good ? default : KernelStatusText.Of(status);
        }

        var linux = new LinuxImages
        {
            Kernel = kernel,
            KernelLength = kernelLength,
            Initrd = room[0].Content,
            InitrdLength = room[0].Length,
            CommandLine = plan.CommandLine(in machine),
            Rsdp = GuestAcpiTables.Address,
        };
        LinuxBootStatus linuxStatus = LinuxBoot.TryLoad(in guest, in linux, out entry);
        return linuxStatus == LinuxBootStatus.Loaded ? default : LinuxBootStatusText.Of(linuxStatus);
    }
}
