using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Ember.Formats.Plans;
using Ember.Sdk.Manifests;
using Ember.Sdk.Output;
using Ember.Sdk.Plans;

namespace Ember.Sdk.Payloads;

/// <summary>Turns a manifest into what the image holds besides the core: fetches or builds every payload and writes the
/// plan.</summary>
/// <param name="packages">Where Debian's packages come from; not touched by a manifest that names none.</param>
public sealed class ApplianceCompiler(DebianPackages packages)
{
    private const string BusyboxPackage = "busybox-static";

    // Below it the guest keeps its real-mode memory; the kernel's own image cannot be there.
    private const long LowMemory = 1 << 20;

    /// <summary>Compiles a manifest.</summary>
    /// <param name="manifest">What the vendor asked for.</param>
    /// <param name="folder">Where payloads that are built here are written; the others stay where they are.</param>
    /// <param name="cancellation">Stops fetching.</param>
    /// <returns>The plan, and every payload once with its name on the key, path and checksums.</returns>
    /// <exception cref="EmberException">A payload is not what the manifest says it is, or does not fit (exit code 2); a package
    /// cannot be had, or the folder cannot be written (3).</exception>
    public async Task<CompiledAppliance> CompileAsync(
        Manifest manifest, string folder, CancellationToken cancellation = default)
    {
        PayloadTable table = new();
        List<MachinePayloads> machines = [];
        foreach (ManifestMachine machine in manifest.Machines)
        {
            int kernel = table.Find(machine.Kernel) ?? table.Add(
                machine.Kernel, machine.Name, await LocateAsync(machine.Kernel, cancellation));
            int? initrd = machine.Initrd is null ? null : table.Find(machine.Initrd) ?? table.Add(
                machine.Initrd, machine.Name, await LocateAsync(machine.Initrd, machine.Name, folder, cancellation));
            CheckMemory(machine, table.Files[kernel], initrd is { } index ? table.Files[index] : null);
            machines.Add(new MachinePayloads(kernel, initrd));
        }

        return new CompiledAppliance(PlanWriter.Write(manifest, table.Files, machines), table.Files);
    }

    private async Task<string> LocateAsync(PayloadSource kernel, CancellationToken cancellation)
    {
        if (kernel is not DebianSource debian)
        {
            return ((FileSource)kernel).File;
        }

        DebianPackage package = await packages.FetchAsync(debian.Package, cancellation);
        return await packages.ExtractAsync(package, "boot/vmlinuz-", cancellation);
    }

    private async Task<string> LocateAsync(
        PayloadSource initrd, string machine, string folder, CancellationToken cancellation)
    {
        if (initrd is not BusyboxSource source)
        {
            return ((FileSource)initrd).File;
        }

        DebianPackage package = await packages.FetchAsync(BusyboxPackage, cancellation);
        string busybox = await packages.ExtractAsync(package, "bin/busybox", cancellation);
        byte[] script = await ReadScriptAsync(source, cancellation);
        string file = Path.Combine(folder, $"{machine}-initrd.cpio");
        AtomicFile.WriteAllBytes(file, InitramfsBuilder.Build(await File.ReadAllBytesAsync(busybox, cancellation), script));
        return file;
    }

    private static async Task<byte[]> ReadScriptAsync(BusyboxSource source, CancellationToken cancellation)
    {
        byte[] script = await PayloadTable.ReadAsync(source, () => File.ReadAllBytesAsync(source.Script, cancellation));
        int end = Array.IndexOf(script, (byte)'\n');
        if (end < 2 || script[0] != '#' || script[1] != '!')
        {
            throw source.Error($"'{Path.GetFileName(source.Script)}' does not begin with '#!'; its first line has to be '#!/bin/sh'");
        }

        // The kernel would look for an interpreter whose name ends with the carriage return.
        return script[end - 1] != '\r'
            ? script
            : throw source.Error($"'{Path.GetFileName(source.Script)}' has lines ending with CR LF; end them with LF");
    }

    private static void CheckMemory(ManifestMachine machine, PayloadFile kernel, PayloadFile? initrd)
    {
        LinuxKernel header = LinuxKernel.TryRead(kernel.Path, out string fault)
            ?? throw machine.Kernel.Error($"'{kernel.Name}' {fault}");
        long needed = LowMemory + long.Max(header.InitializationBytes, kernel.Digest.Length) + (initrd?.Digest.Length ?? 0);
        if ((long)machine.MemoryBytes < needed)
        {
            long granule = (long)PlanMachine.MemoryGranule;
            throw machine.Position.Error(
                $"vm '{machine.Name}': memory {ByteSize.Format((long)machine.MemoryBytes)} does not fit its kernel and initrd; "
                + $"{ByteSize.Format((needed + granule - 1) / granule * granule)} is the least");
        }
    }
}
