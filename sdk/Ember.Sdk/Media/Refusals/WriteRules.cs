using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Ember.Sdk.Gpt;
using Ember.Sdk.Media.Devices;

namespace Ember.Sdk.Media.Refusals;

/// <summary>The rules that a device has to keep before it is written.</summary>
public static class WriteRules
{
    /// <summary>Keys that are longer, in bytes, are rather somebody's disk.</summary>
    public const long LargeLength = 128L * 1000 * 1000 * 1000;

    /// <summary>What cannot be written.</summary>
    internal static readonly Refusal ReadOnly = new("read-only", "it cannot be written", "move its write-protect switch, or take another");

    /// <summary>A drive with nothing in it.</summary>
    internal static readonly Refusal Empty = new("empty", "there is no medium in it", "put one in");

    /// <summary>What a file system is mounted from.</summary>
    internal static readonly Refusal Mounted = new("mounted", "", "unmount it (umount)");

    /// <summary>Every rule that <paramref name="device"/> breaks, the gravest first.</summary>
    public static IReadOnlyList<Refusal> Check(BlockDevice device, WriteIntent intent)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(intent);
        List<Refusal> refusals = [];
        Add(device.Disk is not null, new Refusal(
            "partition", $"it is a partition of {device.Disk}, and an image is a whole disk", $"name the disk: /dev/{device.Disk}"));
        AddUse(DeviceUseKind.System, use => new Refusal(
            "system", $"the running system has {use.Device} at {use.By}", "take another device"));
        Add(intent.HoldsImage, new Refusal("source", "the image lies on it", "copy the image to another disk, or take another device"));
        AddUse(DeviceUseKind.Mounted, use => Mounted with { Reason = $"{use.Device} is mounted at {use.By}" });
        AddUse(DeviceUseKind.Swap, use => new Refusal("swap", $"memory is swapped to {use.Device}", $"end that (swapoff {use.Device})"));
        AddUse(DeviceUseKind.Held, use => new Refusal(
            "held", $"{use.Device} is part of {use.By}", $"take {use.By} apart, or take another device"));
        Add(device.Length == 0, Empty);
        Add(device.IsReadOnly, ReadOnly);
        Add(device.SectorSize != GptTable.SectorSize, new Refusal(
            "sector-size", $"its sectors have {device.SectorSize} bytes and an image's {GptTable.SectorSize}", "take another device"));
        Add(device.Length > 0 && device.Length < intent.ImageLength, TooSmall(device.Length, intent.ImageLength));
        Add(device.Length > LargeLength && !intent.AllowLarge, new Refusal(
            "large", $"its {Bytes(device.Length)} are more than keys have, so it may be somebody's disk", "give --allow-large if it is meant"));
        Add(!device.IsRemovable && !intent.IsNamed, new Refusal(
            "fixed", "it is built in, not removable", $"give --yes-erase '{device.Confirmation}' if it is meant"));
        return refusals;

        void Add(bool isBroken, Refusal refusal)
        {
            if (isBroken)
            {
                refusals.Add(refusal);
            }
        }

        void AddUse(DeviceUseKind kind, Func<DeviceUse, Refusal> refusal)
        {
            if (device.Uses.FirstOrDefault(use => use.Kind == kind) is { } use)
            {
                refusals.Add(refusal(use));
            }
        }
    }

    /// <summary>Throws for the gravest rule that <paramref name="device"/> breaks.</summary>
    /// <exception cref="EmberException">It breaks one (exit code 2).</exception>
    public static void Require(BlockDevice device, WriteIntent intent)
    {
        if (Check(device, intent) is [Refusal refusal, ..])
        {
            throw Refuse(device.Path, refusal);
        }
    }

    /// <summary>The failure that says which rule <paramref name="path"/> breaks.</summary>
    internal static EmberException Refuse(string path, Refusal refusal) =>
        new(ErrorKind.Input, $"{path}: refused by rule '{refusal.Rule}': {refusal.Reason}; {refusal.Remedy}");

    /// <summary>The image does not fit.</summary>
    internal static Refusal TooSmall(long length, long imageLength) => new(
        "too-small", $"its {Bytes(length)} are fewer than the image's {Bytes(imageLength)}", "take a larger one");

    private static string Bytes(long count) => string.Create(CultureInfo.InvariantCulture, $"{count:N0} bytes");
}
