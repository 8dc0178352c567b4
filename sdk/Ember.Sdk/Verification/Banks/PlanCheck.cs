using System;
using System.Collections.Generic;
using System.Linq;
using Ember.Formats.Banks;
using Ember.Formats.Plans;
using Ember.Sdk.Verification.Contents;
using Ember.Sdk.Verification.Rules;

namespace Ember.Sdk.Verification.Banks;

/// <summary>Checks a bank's plan, and that plan and manifest speak of the same payloads.</summary>
internal static class PlanCheck
{
    /// <summary>Checks a plan.</summary>
    /// <returns>What it says; null when it is none.</returns>
    public static PlanContents? Run(byte[] bytes, BankManifest manifest, ManifestContents contents, Place place, Findings findings)
    {
        PlanStatus status = Plan.TryRead(bytes, out Plan plan);
        if (!findings.Require(status == PlanStatus.Good, BankRules.PlanReads, place, $"{ImageText.Of(PlanStatusText.Of(status))}"))
        {
            return null;
        }

        List<string> payloads = [];
        for (int i = 0; i < (int)plan.Header.PayloadCount; i++)
        {
            payloads.Add(CheckPayload(in plan.Payload(i), manifest, place, findings));
        }

        foreach (ManifestFileContents unused in contents.Files.Where(file => file.Kind == BankFileKind.Payload
            && !payloads.Contains(file.Name)))
        {
            findings.Add(BankRules.PlanUnused, place, $"{unused.Name} is none");
        }

        string product = ImageText.Of(Plan.ProductOf(in plan.Header));
        string version = ImageText.Of(Plan.ProductVersionOf(in plan.Header));
        findings.Require(product == contents.Product && version == contents.Version, BankRules.PlanProduct, place,
            $"the plan is of {product} {version}, the manifest of {contents.Product} {contents.Version}");
        findings.Require(plan.Header.LabCrash == LabCrash.None || contents.IsTestKey, BankRules.LabCrash, place,
            $"it commits {plan.Header.LabCrash}");
        List<MachineContents> machines = [];
        for (int i = 0; i < (int)plan.Header.MachineCount; i++)
        {
            machines.Add(Describe(plan, in plan.Machine(i), payloads));
        }

        return new PlanContents(product, version, plan.Header.AfterLastMachine, plan.Header.LabCrash, machines);
    }

    private static string CheckPayload(in PlanPayload payload, BankManifest manifest, Place place, Findings findings)
    {
        string name = ImageText.Of(Plan.NameOf(in payload));
        int index = manifest.Find(Plan.NameOf(in payload));
        if (!findings.Require(index >= 0 && manifest.File(index).Kind == BankFileKind.Payload, BankRules.PlanPayload, place,
            $"{name} is none"))
        {
            return name;
        }

        ref readonly BankFile file = ref manifest.File(index);
        findings.Require(
            payload.Length == file.Length && payload.Xxh3 == file.Xxh3 && ((ReadOnlySpan<byte>)payload.Sha256).SequenceEqual(file.Sha256),
            BankRules.PlanDigest, place, $"{name} has not");
        return name;
    }

    private static MachineContents Describe(Plan plan, in PlanMachine machine, List<string> payloads)
    {
        List<string> modules = [];
        for (uint i = 0; i < machine.ModuleCount; i++)
        {
            modules.Add(payloads[(int)plan.Module((int)(machine.FirstModule + i)).Payload]);
        }

        return new MachineContents(
            ImageText.Of(Plan.NameOf(in machine)),
            machine.MemoryBytes,
            machine.ProcessorCount,
            machine.BootProtocol,
            payloads[(int)machine.KernelPayload],
            modules,
            ImageText.Of(plan.CommandLine(in machine)),
            machine.Start,
            machine.Restart);
    }
}
