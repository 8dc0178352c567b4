using System;
using System.Linq;
using System.Text.Json.Nodes;
using Ember.Sdk.Manifests;

namespace Ember.Sdk.Summaries;

/// <summary>A summary for programs; sizes are bytes, null while they depend on payloads.</summary>
public static class SummaryJson
{
    /// <summary>Makes an object of it.</summary>
    public static JsonObject Of(ApplianceSummary summary)
    {
        ArgumentNullException.ThrowIfNull(summary);
        Manifest manifest = summary.Manifest;
        return new JsonObject
        {
            ["name"] = manifest.Name,
            ["variant"] = manifest.Variant,
            ["variants"] = new JsonArray([.. manifest.Variants.Select(name => JsonValue.Create(name))]),
            ["vendor"] = manifest.Vendor,
            ["product"] = manifest.Product,
            ["version"] = manifest.Version,
            ["banner"] = manifest.Banner,
            ["logo"] = manifest.Logo,
            ["securityVersion"] = manifest.SecurityVersion,
            ["image"] = new JsonObject
            {
                ["size"] = summary.ImageSize,
                ["alignment"] = manifest.Image.Layout.Alignment,
                ["warning"] = manifest.Image.Layout.Warning,
                ["partitions"] = new JsonArray([.. summary.Partitions.Select(partition => new JsonObject
                {
                    ["name"] = partition.Name,
                    ["offset"] = partition.Offset,
                    ["size"] = partition.Size,
                })]),
            },
            ["keys"] = new JsonObject { ["bank"] = Key(summary.BankKey), ["secureBoot"] = Key(summary.SecureBootKey) },
            ["updateAddress"] = manifest.UpdateAddress,
            ["budget"] = new JsonObject
            {
                ["core"] = manifest.Budget.Core?.Bytes,
                ["growth"] = manifest.Budget.Growth?.Bytes,
            },
            ["machines"] = new JsonArray([.. manifest.Machines.Select(Machine)]),
        };
    }

    private static JsonObject Key(KeySummary key) => new()
    {
        ["location"] = key.Location,
        ["subject"] = key.Subject,
        ["keyId"] = key.KeyId,
        ["testKey"] = key.IsTestKey,
    };

    private static JsonObject Machine(ManifestMachine machine) => new()
    {
        ["name"] = machine.Name,
        ["memory"] = machine.MemoryBytes,
        ["processors"] = machine.ProcessorCount,
        ["kernel"] = ApplianceSummary.Describe(machine.Kernel),
        ["modules"] = new JsonArray([.. machine.Modules.Select(module => JsonValue.Create(ApplianceSummary.Describe(module.Source)))]),
    };
}
