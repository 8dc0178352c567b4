using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Ember.Formats.Banks;
using Ember.Sdk.Verification.Contents;

namespace Ember.Sdk.Differences;

/// <summary>What an image tells of itself, a line each; what its files' own bytes show is left out.</summary>
internal sealed class ImageFacts
{
    private readonly Dictionary<string, string> _facts = [];

    private ImageFacts()
    {
    }

    /// <summary>What two images tell differently, in the order in which they tell it.</summary>
    public static List<ValueDifference> Compare(ImageContents before, ImageContents after)
    {
        Dictionary<string, string> first = Of(before);
        Dictionary<string, string> second = Of(after);
        return
        [
            .. first.Keys.Union(second.Keys)
                .Select(name => new ValueDifference(name, first.GetValueOrDefault(name), second.GetValueOrDefault(name)))
                .Where(value => value.Before != value.After),
        ];
    }

    private static Dictionary<string, string> Of(ImageContents contents)
    {
        ImageFacts facts = new();
        facts.Add("image: bytes", $"{contents.Length}");
        foreach (PartitionContents partition in contents.Partitions)
        {
            facts.Add(partition);
        }

        if (contents.Loader is { } loader)
        {
            facts.Add("loader: signed by", $"{loader.Signer ?? "nobody"}");
            facts.Add("loader: trusts", $"{(loader.IsTestKey ? "test key " : "")}{loader.VendorKeyId ?? "no key"}");
        }

        if (contents.State is { } state)
        {
            facts.Add("state: sequence", $"{state.Sequence}");
            facts.Add("state: bank started first", $"{state.Preferred}");
            facts.Add("state: bank A", $"{Of(state.A)}");
            facts.Add("state: bank B", $"{Of(state.B)}");
        }

        foreach (BankContents bank in contents.Banks)
        {
            facts.Add(bank);
        }

        return facts._facts;
    }

    private void Add(PartitionContents partition)
    {
        string name = partition.Name;
        Add($"{name}: type", $"{partition.Type}");
        Add($"{name}: identifier", $"{partition.Id}");
        Add($"{name}: first sector", $"{partition.FirstLba}");
        Add($"{name}: bytes", $"{partition.Length}");
        if (partition.Volume is { } volume)
        {
            Add($"{name}: file system", $"FAT{volume.FatBits}, {volume.ClusterCount} clusters of {volume.ClusterSize} bytes");
            Add($"{name}: label", $"{volume.Label}");
            Add($"{name}: serial number", $"{volume.Serial:X8}");
        }
    }

    private void Add(BankContents bank)
    {
        string name = $"bank {bank.Slot}";
        if (bank.Manifest is { } manifest)
        {
            Add($"{name}: product", $"{manifest.Vendor} {manifest.Product}");
            Add($"{name}: version", $"{manifest.Version}");
            Add($"{name}: security version", $"{manifest.SecurityVersion}");
            foreach (ManifestFileContents document in manifest.Files.Where(file => file.Kind == BankFileKind.Document))
            {
                Add($"{name}: document {document.Name}", $"{document.Sha256}");
            }
        }

        Add($"{name}: signed with", $"{(bank.Manifest?.IsTestKey == true ? "test key " : "")}{bank.SignatureKeyId ?? "no key"}");
        Add($"{name}: verifies", $"{(bank.IsVerified ? "yes" : "no")}");
        Add($"{name}: core signed by", $"{bank.CoreSigner ?? "nobody"}");
        if (bank.Plan is { } plan)
        {
            Add($"{name}: after the last vm", $"{plan.AfterLastMachine}");
            Add($"{name}: crash for the lab", $"{plan.LabCrash}");
            foreach (MachineContents machine in plan.Machines)
            {
                Add($"{name}: vm {machine.Name}", machine);
            }
        }
    }

    private void Add(string name, MachineContents machine)
    {
        Add($"{name}: memory", $"{machine.MemoryBytes}");
        Add($"{name}: processors", $"{machine.ProcessorCount}");
        Add($"{name}: boots by", $"{machine.BootProtocol}");
        Add($"{name}: kernel", $"{machine.Kernel}");
        Add($"{name}: modules", $"{string.Join(' ', machine.Modules)}");
        Add($"{name}: command line", $"{machine.CommandLine}");
        Add($"{name}: starts", $"{machine.Start}");
        Add($"{name}: restarts", $"{machine.Restart}");
    }

    private static string Of(BankRecord record) => string.Create(
        CultureInfo.InvariantCulture,
        $"{record.Condition}{(record.Condition == BankCondition.Trial ? $", {record.TriesLeft} tries left" : "")}");

    // Two partitions may have one name.
    private void Add(string name, FormattableString value) => _facts.TryAdd(name, FormattableString.Invariant(value));
}
