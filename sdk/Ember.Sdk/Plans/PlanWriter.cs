using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Ember.Formats.Plans;
using Ember.Sdk.Manifests;
using Ember.Sdk.Payloads;

namespace Ember.Sdk.Plans;

/// <summary>Writes the plan the core reads.</summary>
public static class PlanWriter
{
    /// <summary>Writes a plan.</summary>
    /// <param name="manifest">What the vendor asked for.</param>
    /// <param name="payloads">The payload table, in order.</param>
    /// <param name="machines">Which payloads each machine of the manifest uses, in the manifest's order.</param>
    /// <returns>The whole plan, which its own reader has accepted.</returns>
    public static byte[] Write(Manifest manifest, IReadOnlyList<PayloadFile> payloads, IReadOnlyList<MachinePayloads> machines)
    {
        int moduleCount = manifest.Machines.Sum(machine => machine.Modules.Count);
        int machineOffset = PlanHeader.Size + (payloads.Count * PlanPayload.Size);
        int moduleOffset = machineOffset + (manifest.Machines.Count * PlanMachine.Size);
        int textOffset = moduleOffset + (moduleCount * PlanModule.Size);
        PlanText text = new();
        byte[] tables = new byte[textOffset];
        for (int i = 0; i < payloads.Count; i++)
        {
            WritePayload(tables.AsSpan(PlanHeader.Size + (i * PlanPayload.Size)), payloads[i]);
        }

        int module = 0;
        for (int i = 0; i < manifest.Machines.Count; i++)
        {
            PlanMachine machine = Describe(manifest.Machines[i], machines[i]);
            (machine.CommandLineOffset, machine.CommandLineLength) = text.Add(manifest.Machines[i].CommandLine);
            machine.FirstModule = (uint)module;
            MemoryMarshal.Write(tables.AsSpan(machineOffset + (i * PlanMachine.Size)), machine);
            foreach ((int payload, ManifestModule source) in machines[i].Modules.Zip(manifest.Machines[i].Modules))
            {
                PlanModule described = new() { Payload = (uint)payload };
                (described.TextOffset, described.TextLength) = text.Add(source.Text);
                MemoryMarshal.Write(tables.AsSpan(moduleOffset + (module * PlanModule.Size)), described);
                module++;
            }
        }

        byte[] plan = [.. tables, .. text.Bytes];
        PlanHeader header = new()
        {
            Magic = PlanHeader.MagicValue,
            Version = PlanHeader.CurrentVersion,
            TotalLength = (uint)plan.Length,
            PayloadCount = (uint)payloads.Count,
            PayloadOffset = PlanHeader.Size,
            MachineCount = (uint)manifest.Machines.Count,
            MachineOffset = (uint)machineOffset,
            TextOffset = (uint)textOffset,
            TextLength = (uint)(plan.Length - textOffset),
            AfterLastMachine = manifest.AfterLastMachine,
            LabCrash = manifest.LabCrash,
            ModuleCount = (uint)moduleCount,
            ModuleOffset = (uint)moduleOffset,
        };
        Encoding.ASCII.GetBytes(manifest.Product, header.Product);
        Encoding.ASCII.GetBytes(manifest.Version, header.ProductVersion);
        Encoding.ASCII.GetBytes(manifest.Banner, header.Banner);
        MemoryMarshal.Write(plan, header);
        SHA256.HashData(plan.AsSpan(PlanHeader.DigestedOffset), plan.AsSpan(PlanHeader.DigestOffset));

        PlanStatus status = Plan.TryRead(plan, out _);
        return status == PlanStatus.Good
            ? plan
            : throw new InvalidOperationException(
                $"a plan was written that the core refuses: {Encoding.ASCII.GetString(PlanStatusText.Of(status))}");
    }

    private static void WritePayload(Span<byte> entry, PayloadFile payload)
    {
        PlanPayload written = new() { Length = (ulong)payload.Digest.Length, Xxh3 = payload.Digest.Xxh3 };
        Encoding.ASCII.GetBytes(payload.Name, written.Name);
        Convert.FromHexString(payload.Digest.Sha256).CopyTo((Span<byte>)written.Sha256);
        MemoryMarshal.Write(entry, written);
    }

    private static PlanMachine Describe(ManifestMachine machine, MachinePayloads payloads)
    {
        PlanMachine described = new()
        {
            MemoryBytes = machine.MemoryBytes,
            ProcessorCount = machine.ProcessorCount,
            BootProtocol = machine.BootProtocol,
            KernelPayload = (uint)payloads.Kernel,
            ModuleCount = (uint)payloads.Modules.Count,
            Restart = machine.Restart,
            Affinity = machine.Affinity,
            Weight = machine.Weight,
            Cap = machine.Cap,
            Start = machine.Start,
        };
        Encoding.ASCII.GetBytes(machine.Name, described.Name);
        return described;
    }
}
