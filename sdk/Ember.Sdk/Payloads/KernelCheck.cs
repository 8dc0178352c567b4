using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Ember.Formats.Kernels;
using Ember.Formats.Plans;
using Ember.Sdk.Manifests;

namespace Ember.Sdk.Payloads;

/// <summary>Refuses at build what the core would refuse at the start of a virtual machine.</summary>
internal static class KernelCheck
{
    // Below it the guest keeps its real-mode memory; the kernel's own image cannot be there.
    private const long LowMemory = 1 << 20;

    /// <summary>Checks that a kernel is what its boot protocol asks for and fits into memory with its modules.</summary>
    /// <exception cref="EmberException">It is not, or does not (exit code 2).</exception>
    public static void Run(ManifestMachine machine, PayloadFile kernel, IReadOnlyList<PayloadFile> modules)
    {
        if (machine.BootProtocol == BootProtocol.Linux64)
        {
            CheckLinux(machine, kernel, modules);
        }
        else
        {
            CheckProtectedMode(machine, kernel, modules);
        }
    }

    private static void CheckLinux(ManifestMachine machine, PayloadFile kernel, IReadOnlyList<PayloadFile> modules)
    {
        LinuxKernel header = LinuxKernel.TryRead(kernel.Path, out string fault)
            ?? throw machine.Kernel.Error($"'{kernel.Name}' {fault}");
        long needed = LowMemory + long.Max(header.InitializationBytes, kernel.Digest.Length)
            + modules.Sum(module => module.Digest.Length);
        if ((long)machine.MemoryBytes < needed)
        {
            long granule = (long)PlanMachine.MemoryGranule;
            throw machine.Position.Error(
                $"vm '{machine.Name}': memory {ByteSize.Format((long)machine.MemoryBytes)} does not fit its kernel and initrd; "
                + $"{ByteSize.Format((needed + granule - 1) / granule * granule)} is the least");
        }
    }

    private static void CheckProtectedMode(ManifestMachine machine, PayloadFile kernel, IReadOnlyList<PayloadFile> modules)
    {
        byte[] file = PayloadTable.Read(machine.Kernel, () => File.ReadAllBytes(kernel.Path));
        KernelStatus status = KernelImage.TryRead(machine.BootProtocol, file, machine.MemoryBytes, out KernelImage image);
        if (status == KernelStatus.Good
            && !modules.All(module => image.TryPlaceModule((ulong)module.Digest.Length, out _)))
        {
            status = KernelStatus.ModulesTooLarge;
        }

        if (status != KernelStatus.Good)
        {
            throw machine.Kernel.Position.Error($"vm '{machine.Name}': {Encoding.ASCII.GetString(KernelStatusText.Of(status))}");
        }
    }
}
