using System;
using System.CommandLine;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ember.Formats.Banks;
using Ember.Sdk.Measurements;
using Ember.Sdk.Verification;
using Ember.Sdk.Verification.Contents;

namespace Ember.Cli.Commands;

/// <summary><c>ember inspect</c>: tells what an image holds.</summary>
internal static class InspectCommand
{
    private static readonly JsonSerializerOptions _json = new(JsonOutput.Indented)
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        IncludeFields = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>Describes the command.</summary>
    public static Command Create(CliHost host)
    {
        Argument<string> image = VerifyCommand.Image();
        Option<bool> json = CommonOptions.Json();
        Command command = new("inspect",
            "Tells what an image, or a device, holds: partitions, banks, who signed them, virtual machines.") { image, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            VerificationReport report = await VerifyCommand.VerifyAsync(host, parsed.GetRequiredValue(image), null, cancellation);
            host.Output.Write(parsed.GetValue(json) ? JsonSerializer.Serialize(report.Contents, _json) + "\n" : Text(report));
            return 0;
        });
        return command;
    }

    private static string Text(VerificationReport report)
    {
        ImageContents contents = report.Contents;
        StringBuilder text = new();
        Line($"image of {contents.Length:N0} bytes");
        foreach (PartitionContents partition in contents.Partitions)
        {
            Line($"{partition.Number}  {partition.Name,-22}{partition.Length,16:N0} bytes from sector {partition.FirstLba}, {partition.Id}");
            if (partition.Volume is { } volume)
            {
                Line($"   FAT{volume.FatBits} '{volume.Label}', serial number {volume.Serial:X8}");
                Line($"   {volume.ClusterCount:N0} clusters of {volume.ClusterSize:N0} bytes");
                foreach (FileContents file in volume.Files)
                {
                    Line($"   {file.Path,-36}{file.Length,16:N0} bytes");
                }
            }
        }

        if (contents.Loader is { } loader)
        {
            Line($"loader: signed by {loader.Signer ?? "nobody"}, trusts {Key(loader.VendorKeyId, loader.IsTestKey)}");
        }

        if (contents.State is { } state)
        {
            Line($"state {state.Sequence}: bank {state.Preferred} first; A {Condition(state.A)}, B {Condition(state.B)}");
        }

        foreach (BankContents bank in contents.Banks)
        {
            Write(bank);
        }

        Line($"{report.Errors} errors, {report.Warnings} warnings{(report.Findings.Count == 0 ? "" : "; see ember verify")}");
        return text.ToString();

        void Write(BankContents bank)
        {
            if (bank.Manifest is not { } manifest)
            {
                Line($"bank {bank.Slot}: no manifest");
                return;
            }

            Line($"bank {bank.Slot}: {manifest.Vendor} {manifest.Product} {manifest.Version}, security version {manifest.SecurityVersion}");
            Line($"   {(bank.IsSigned ? "signed with" : "NOT rightly signed; names")} {Key(bank.SignatureKeyId, manifest.IsTestKey)}");
            Line($"   core signed by {bank.CoreSigner ?? "nobody"}");
            foreach (ManifestFileContents file in manifest.Files)
            {
                Line($"   {file.Kind,-14}{file.Name,-27}{file.Length,16:N0} bytes  {file.Sha256}");
            }

            foreach (PcrPrediction pcr in bank.Pcrs)
            {
                Line($"   {pcr}");
            }

            foreach (MachineContents machine in bank.Plan?.Machines ?? [])
            {
                Line($"   vm {machine.Name}: {machine.MemoryBytes >> 20:N0} MiB, {machine.ProcessorCount} processors, {machine.BootProtocol}");
                Line($"      {string.Join(' ', machine.Modules.Prepend(machine.Kernel))}");
                Line($"      {machine.CommandLine}");
            }
        }

        void Line(FormattableString line) => text.Append(FormattableString.Invariant(line)).Append('\n');
    }

    private static string Key(string? keyId, bool isTestKey) =>
        keyId is null ? "no key" : $"{(isTestKey ? "test key" : "key")} {keyId}";

    private static string Condition(BankRecord record) => record.Condition == BankCondition.Trial
        ? string.Create(CultureInfo.InvariantCulture, $"on trial with {record.TriesLeft} tries left")
        : record.Condition.ToString().ToLowerInvariant();
}
