using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Ember.Sdk.Banks;
using Ember.Sdk.Images;
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
            List<int> modules = [];
            foreach (ManifestModule module in machine.Modules)
            {
                modules.Add(table.Find(module.Source) ?? table.Add(
                    module.Source, machine.Name, await LocateAsync(module.Source, machine.Name, folder, cancellation)));
            }

            KernelCheck.Run(machine, table.Files[kernel], [.. modules.Select(module => table.Files[module])]);
            machines.Add(new MachinePayloads(kernel, modules));
        }

        return new CompiledAppliance(PlanWriter.Write(manifest, table.Files, machines), table.Files, Logo(manifest, folder))
        {
            UpdateAddress = Encoding.ASCII.GetBytes(manifest.UpdateAddress ?? ""),
        };
    }

    private static PayloadFile? Logo(Manifest manifest, string folder)
    {
        if (manifest.Logo is not { } picture)
        {
            return null;
        }

        byte[] logo = BootLogoWriter.Convert(picture);
        string file = Path.Combine(folder, BankNames.Logo);
        AtomicFile.WriteAllBytes(file, logo);
        return new PayloadFile(BankNames.Logo, file, ContentDigest.Of(logo), new PayloadInputs([], [picture]));
    }

    private async Task<(string Path, PayloadInputs Inputs)> LocateAsync(PayloadSource kernel, CancellationToken cancellation)
    {
        if (kernel is not DebianSource debian)
        {
            return Locate((FileSource)kernel);
        }

        DebianPackage package = await packages.FetchAsync(debian.Package, cancellation);
        return (await packages.ExtractAsync(package, "boot/vmlinuz-", cancellation), new PayloadInputs([package], []));
    }

    private static (string Path, PayloadInputs Inputs) Locate(FileSource source) =>
        (source.File, new PayloadInputs([], [source.File]));

    private async Task<(string Path, PayloadInputs Inputs)> LocateAsync(
        PayloadSource module, string machine, string folder, CancellationToken cancellation)
    {
        if (module is not BusyboxSource source)
        {
            return Locate((FileSource)module);
        }

        DebianPackage package = await packages.FetchAsync(BusyboxPackage, cancellation);
        string busybox = await packages.ExtractAsync(package, "bin/busybox", cancellation);
        byte[] script = await ReadScriptAsync(source, cancellation);
        string file = Path.Combine(folder, $"{machine}-initrd.cpio");
        AtomicFile.WriteAllBytes(file, InitramfsBuilder.Build(await File.ReadAllBytesAsync(busybox, cancellation), script));
        return (file, new PayloadInputs([package], [source.Script]));
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
}
