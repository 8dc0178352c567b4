using System.Runtime.CompilerServices;
using System.Threading;
using Ember.Core.Console;
using Ember.Core.Processors;
using Ember.Core.Scheduling;
using Ember.Core.Virtualization;
using Ember.Core.Virtualization.Svm;
using Ember.Core.Virtualization.Vmx;
using Ember.Formats.Plans;
using Ember.Platform.Auditing;
using Ember.Platform.Memory;
using Ember.Platform.Processors;
using Ember.Platform.Text;

namespace Ember.Core.Startup;

/// <summary>Puts the processors to work on the plan's virtual machines, by the virtualization extension they have.</summary>
internal static unsafe class MachineStart
{
    private static Scheduler _scheduler;
    private static HostContext* _contexts;
    private static byte* _extensionPages;
    private static int _isOpen;

    /// <summary>Runs the plan's machines on all processors until the last has stopped for good. For the boot processor.</summary>
    /// <returns>Whether the plan wants the power off now; else there is no virtualization, and a line has said why.</returns>
    public static bool RunAll(in Plan plan, BootInformation* boot, ref HostMemory memory, HostProcessor* processor) =>
        VmxProcessor.Support == VirtualizationSupport.Missing
            ? RunAll<SvmProcessor>(in plan, boot, ref memory, processor)
            : RunAll<VmxProcessor>(in plan, boot, ref memory, processor);

    /// <summary>Runs what the scheduler gives it, once there is a scheduler; never returns. For the other processors.</summary>
    [LoopBound(LoopBoundAttribute.Waits, "until the boot processor has opened the scheduler")]
    public static void RunProcessor(HostProcessor* processor)
    {
        while (Volatile.Read(in _isOpen) == 0)
        {
            Cpu.WaitForInterrupt();
        }

        if (VmxProcessor.Support == VirtualizationSupport.Missing)
        {
            Open<SvmProcessor>(processor).Run();
        }
        else
        {
            Open<VmxProcessor>(processor).Run();
        }
    }

    private static bool RunAll<TProcessor>(in Plan plan, BootInformation* boot, ref HostMemory memory, HostProcessor* processor)
        where TProcessor : unmanaged, IVirtualProcessor
    {
        VirtualizationSupport support = TProcessor.Support;
        if (support != VirtualizationSupport.Available)
        {
            SystemConsole.WriteLine(VirtualizationSupportText.Of(support));
            return false;
        }

        ulong extensionBytes = (TProcessor.SharedPages + (TProcessor.HostPages * (ulong)HostProcessors.Count)) * PageTables.PageSize;
        if (!memory.TryTakeZeroed(MemoryAccount.Virtualization, extensionBytes, PageTables.PageSize, out byte* pages)
            || !memory.TryTakeZeroed(
                MemoryAccount.Virtualization, (ulong)(sizeof(HostContext) * HostProcessors.Count), PageTables.PageSize, out byte* contexts)
            || !memory.TryTakeZeroed(
                MemoryAccount.Machines, MachineSupervisor<TProcessor>.BytesNeeded, PageTables.PageSize, out byte* room))
        {
            SystemConsole.WriteLine("memory: too little for the processors' virtualization areas"u8);
            return false;
        }

        TProcessor.InitializeShared(pages);
        _contexts = (HostContext*)contexts;
        _extensionPages = pages + (TProcessor.SharedPages * PageTables.PageSize);
        _scheduler.Initialize(HostProcessors.Count);
        Volatile.Write(ref _isOpen, 1);
        ProcessorLoop<TProcessor> loop = Open<TProcessor>(processor);
        HostProcessors.Interrupt(_scheduler.AllProcessors & ~(1ul << HostProcessors.Boot));
        ReportStart((int)plan.Header.MachineCount);
        SystemConsole.OpenGuests((int)plan.Header.MachineCount);
        var supervisor = new MachineSupervisor<TProcessor>(
            boot, (HostMemory*)Unsafe.AsPointer(ref memory), (Scheduler*)Unsafe.AsPointer(ref _scheduler),
            (HostTimer*)Unsafe.AsPointer(ref processor->Timer), room);
        supervisor.StartAll(in plan, processor->Timer.Now);
        loop.Supervise(ref supervisor, in plan);
        return true;
    }

    private static ProcessorLoop<TProcessor> Open<TProcessor>(HostProcessor* processor)
        where TProcessor : unmanaged, IVirtualProcessor =>
        new((Scheduler*)Unsafe.AsPointer(ref _scheduler), processor, _contexts + processor->Index,
            _extensionPages + ((ulong)processor->Index * TProcessor.HostPages * PageTables.PageSize));

    private static void ReportStart(int count)
    {
        LineBuffer line = default;
        line.Append("[4/4] starting "u8);
        line.AppendDecimal((uint)count);
        line.Append(count == 1 ? " virtual machine"u8 : " virtual machines"u8);
        SystemConsole.WriteLine(line.Text);
    }
}
