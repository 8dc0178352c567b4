using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Ember.Sdk.Images;
using Ember.Sdk.Manifests;

namespace Ember.Sdk.Summaries;

/// <summary>What would be built of an appliance, told without building or fetching anything.</summary>
/// <param name="Manifest">What its manifest says.</param>
/// <param name="ImageSize">Length of the image in bytes; null while that depends on payloads.</param>
/// <param name="Partitions">Its partitions in order.</param>
/// <param name="BankKey">The key that signs banks.</param>
/// <param name="SecureBootKey">The key that signs loader and core.</param>
public sealed record ApplianceSummary(
    Manifest Manifest, long? ImageSize, IReadOnlyList<PartitionSummary> Partitions, KeySummary BankKey, KeySummary SecureBootKey)
{
    /// <summary>Sums an appliance up.</summary>
    /// <exception cref="EmberException">Its layout is impossible, or a certificate is none (exit code 2).</exception>
    public static ApplianceSummary Of(Manifest manifest)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        KeyLayout layout = manifest.Image.Layout;
        KeySummary bankKey = KeySummary.Of(manifest.Signing?.Bank);
        KeySummary secureBootKey = manifest.Signing?.SecureBoot is { } other ? KeySummary.Of(other) : bankKey;
        if (layout.BankSize is null && layout.ImageSize is null)
        {
            return new ApplianceSummary(
                manifest,
                null,
                [
                    new PartitionSummary(KeyLayout.EspName, ImageLayout.RoundUp(ImageLayout.Granularity, layout.Alignment), layout.EspSize),
                    new PartitionSummary(KeyLayout.BankAName, null, null),
                    new PartitionSummary(KeyLayout.BankBName, null, null),
                    new PartitionSummary(KeyLayout.StateName, null, KeyLayout.StateSize),
                ],
                bankKey,
                secureBootKey);
        }

        ImageLayout planned = ImageLayout.Plan(layout.Request(new KeyContent
        {
            Name = manifest.Name,
            Label = manifest.Image.Label,
            Loader = default,
            BankA = [],
            BankB = [],
            State = default,
        }));
        return new ApplianceSummary(
            manifest,
            planned.Size,
            [.. planned.Partitions.Select(partition => new PartitionSummary(partition.Request.Name, partition.Offset, partition.Size))],
            bankKey,
            secureBootKey);
    }

    /// <summary>Where a payload comes from, in words.</summary>
    internal static string Describe(PayloadSource source) => source switch
    {
        FileSource file => file.File,
        DebianSource debian => $"Debian's {debian.Package}",
        BusyboxSource busybox => $"busybox with {Path.GetFileName(busybox.Script)}",
        _ => source.Identity,
    };
}
