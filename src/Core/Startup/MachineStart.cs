using Ember.Core.Console;
using Ember.Core.Machines;
using Ember.Core.Memory;
using Ember.Core.Processors;
using Ember.Core.Virtualization;
using Ember.Core.Virtualization.Svm;
using Ember.Formats.Plans;
using Ember.Platform.Memory;
using Ember.Platform.Text;

namespace Ember.Core.Startup;

/// <summary>Makes virtual machines out of the plan and runs them.</summary>
internal static unsafe class MachineStart
{
    /// <summary>Runs the plan's machine until it stops; returns at once when the processor cannot.</summary>
    public static void RunAll(in Plan plan, BootInformation* boot, ref HostMemory memory, HostTimer* timer)
    {
        VirtualizationSupport support = SvmProcessor.Support;
        if (support != VirtualizationSupport.Available)
        {
            SystemConsole.WriteLine(VirtualizationSupportText.Of(support));
            return;
        }

        if (!memory.TryTakeZeroed(SvmProcessor.HostPages * PageTables.PageSize, PageTables.PageSize, out byte* pages))
        {
            SystemConsole.WriteLine("memory: too little for the processor's virtualization area"u8);
            return;
        }

        SvmProcessor.Enable(pages);
        for (int i = 0; i < (int)plan.Header.MachineCount; i++)
        {
            Run<SvmProcessor>(in plan, i, boot, ref memory, timer);
        }
    }

    private static void Run<TProcessor>(in Plan plan, int index, BootInformation* boot, ref HostMemory memory, HostTimer* timer)
        where TProcessor : unmanaged, IVirtualProcessor
    {
        ref readonly PlanMachine machine = ref plan.Machine(index);
        var console = new MachineConsole(Plan.NameOf(in machine));
        if (!memory.TryTakeZeroed(machine.MemoryBytes, PageTables.LargePageSize, out byte* ram))
        {
            LineBuffer line = default;
            line.Append(": not started: needs "u8);
            line.AppendSize(machine.MemoryBytes);
            line.Append(" in one piece, the largest free is "u8);
            line.AppendSize(memory.Free.LargestRange);
            console.Report(line.Text);
            return;
        }

        PageTables nested = memory.NewTables(HostProcessor.HasHugePages);
        bool ready = nested.Root != 0
            && nested.Map(0, (ulong)ram, machine.MemoryBytes, PageAttributes.Write | PageAttributes.Execute | PageAttributes.User)
            && memory.TryTakeZeroed((ulong)sizeof(VirtualMachine<TProcessor>), PageTables.PageSize, out byte* state)
            && memory.TryTakeZeroed(TProcessor.PagesNeeded * PageTables.PageSize, PageTables.PageSize, out byte* pages);
        if (!ready)
        {
            console.Report(": not started: too little memory for its page tables and state"u8);
            return;
        }

        var guestMemory = new GuestMemory(ram, machine.MemoryBytes);
    }
}
