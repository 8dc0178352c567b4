using System;
using System.Collections.Generic;
using System.Globalization;

namespace Ember.Sdk.Media.Devices;

/// <summary>A block device as the kernel describes it. All text is printable ASCII.</summary>
public sealed record BlockDevice
{
    /// <summary>The kernel's name: <c>sdb</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Where its node is: <c>/dev/sdb</c>.</summary>
    public string Path => "/dev/" + Name.Replace('!', '/');

    /// <summary>Major and minor number: <c>8:16</c>.</summary>
    public required string Number { get; init; }

    /// <summary>For a partition the name of its disk; null for a whole disk.</summary>
    public string? Disk { get; init; }

    /// <summary>Who made it; empty if it does not say.</summary>
    public string Vendor { get; init; } = "";

    /// <summary>What it is; empty if it does not say.</summary>
    public string Model { get; init; } = "";

    /// <summary>Its serial number; empty if it does not say.</summary>
    public string Serial { get; init; } = "";

    /// <summary>Its length in bytes; 0 for a drive without a medium.</summary>
    public long Length { get; init; }

    /// <summary>The bytes it reads and writes at once: 512 or 4096.</summary>
    public int SectorSize { get; init; } = 512;

    /// <summary>True for what is made to be taken out: USB, SD cards, removable media.</summary>
    public bool IsRemovable { get; init; }

    /// <summary>True for what cannot be written: a write-protect switch, an optical disc.</summary>
    public bool IsReadOnly { get; init; }

    /// <summary>Everything that uses it, sorted by how bad it is to write over that.</summary>
    public IReadOnlyList<DeviceUse> Uses { get; init; } = [];

    /// <summary>
    /// What a person types to say that this device is meant: the serial number, or for a device without one its name and length in bytes
    /// with a colon between, for a name alone is another device's after the next plugging in.
    /// </summary>
    public string Confirmation => Serial.Length != 0 ? Serial : string.Create(CultureInfo.InvariantCulture, $"{Name}:{Length}");

    /// <summary>True if <paramref name="other"/> is the same device, whatever has begun or ended to use it.</summary>
    public bool IsSame(BlockDevice other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return this with { Uses = [] } == other with { Uses = [] };
    }
}
