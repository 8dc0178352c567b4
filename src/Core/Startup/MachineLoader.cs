using System;
using System.Runtime.CompilerServices;
using Ember.Core.Machines;
using Ember.Core.Machines.Acpi;
using Ember.Core.Machines.Linux;
using Ember.Core.Machines.ProtectedMode;
using Ember.Core.Memory;
using Ember.Core.Virtualization;
using Ember.Formats.Kernels;
using Ember.Formats.Plans;

namespace Ember.Core.Startup;

/// <summary>Puts into a virtual machine's memory what it starts from.</summary>
internal static unsafe class MachineLoader
{
    /// <summary>Loads tables, kernel and modules.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="machine">What it says of the machine.</param>
    /// <param name="guest">The machine's memory, zeroed.</param>
    /// <param name="boot">Where the payloads are.</param>
    /// <param name="entry">Where the guest begins.</param>
    /// <returns>Empty, or what is wrong.</returns>
    public static ReadOnlySpan<byte> Load(
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
