using System;
using System.Globalization;
using System.IO;
using System.Linq;
using Ember.Sdk.Manifests;

namespace Ember.Sdk.Summaries;

/// <summary>A summary for people.</summary>
public static class SummaryText
{
    private const string Unknown = "as its files need";

    /// <summary>Writes it.</summary>
    public static void Write(TextWriter output, ApplianceSummary summary)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(summary);
        Manifest manifest = summary.Manifest;
        Line("appliance", manifest.Variant is null ? manifest.Name : $"{manifest.Name}, variant {manifest.Variant}");
        Line("product", $"{manifest.Product} {manifest.Version}, {manifest.Vendor}");
        Line("banner", manifest.Banner.Length == 0 ? "none" : manifest.Banner);
        Line("logo", manifest.Logo ?? "none");
        Line("security", string.Create(CultureInfo.InvariantCulture, $"version {manifest.SecurityVersion}"));
        Line("variants", manifest.Variants.Count == 0 ? "none" : string.Join(", ", manifest.Variants));
        Line("image", Size(summary.ImageSize));
        foreach (PartitionSummary partition in summary.Partitions)
        {
            output.WriteLine($"  {partition.Name,-22}{Size(partition.Size)}");
        }

        if (manifest.Image.Layout.Warning is { } warning)
        {
            Line("warning", warning);
        }

        Line("banks", Key(summary.BankKey));
        Line("loader, core", Key(summary.SecureBootKey));
        Line("updates", manifest.UpdateAddress is { } address ? $"a second key, {address}" : "a second key");
        Line("core budget", manifest.Budget.Core is { } limit ? ByteSize.Format(limit.Bytes) : "none");
        foreach (ManifestMachine machine in manifest.Machines)
        {
            Line($"vm '{machine.Name}'", string.Create(
                CultureInfo.InvariantCulture, $"{ByteSize.Format((long)machine.MemoryBytes)}, {machine.ProcessorCount} processors"));
            output.WriteLine($"  {"kernel",-22}{ApplianceSummary.Describe(machine.Kernel)}");
            foreach (ManifestModule module in machine.Modules)
            {
                output.WriteLine($"  {"module",-22}{ApplianceSummary.Describe(module.Source)}");
            }
        }

        void Line(string name, string value) => output.WriteLine($"{name,-24}{value}");
    }

    private static string Size(long? bytes) => bytes is { } known ? ByteSize.Format(known) : Unknown;

    private static string Key(KeySummary key)
    {
        string marking = key.IsTestKey == true ? "test key, not for release" : "";
        return string.Join("; ", new[] { key.Location, key.Subject ?? "", marking }.Where(text => text.Length != 0));
    }
}
