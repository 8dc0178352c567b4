using System;

namespace Ember.Formats;

/// <summary>Names on the key that loader, core and SDK agree on, ASCII. <see cref="CoreFile"/> and the others lie in the root of a bank.
/// </summary>
public static class FlashLayout
{
    /// <summary>The loader, in the EFI system partition.</summary>
    public const string LoaderPath = "EFI/BOOT/BOOTX64.EFI";

    /// <summary>The number that a bank's partition has in the partition table; the second bank has the next.</summary>
    public const int FirstBankPartition = 2;

    /// <summary>The number of the partition that holds the banks' state.</summary>
    public const int StatePartition = 4;

    /// <summary>The most bytes of the address in <see cref="UpdateAddressFile"/>.</summary>
    public const int LongestUpdateAddress = 200;

    /// <summary>The bank's manifest.</summary>
    public static ReadOnlySpan<byte> ManifestFile => "bank.manifest"u8;

    /// <summary>The signature of the manifest.</summary>
    public static ReadOnlySpan<byte> SignatureFile => "bank.signature"u8;

    /// <summary>The hypervisor.</summary>
    public static ReadOnlySpan<byte> CoreFile => "core.efi"u8;

    /// <summary>The compiled plan.</summary>
    public static ReadOnlySpan<byte> PlanFile => "appliance.plan"u8;

    /// <summary>The vendor's picture.</summary>
    public static ReadOnlySpan<byte> LogoFile => "logo.bmp"u8;

    /// <summary>Where the loader asks for updates: an http or https address that ends with a slash, and nothing else.</summary>
    public static ReadOnlySpan<byte> UpdateAddressFile => "update.address"u8;

    /// <summary>On a server, the head of the update: the first bytes of <see cref="ServedBundleFile"/>. Firmware's HTTP boot takes nothing
    /// whose name ends otherwise, unless the server says what it is.</summary>
    public static ReadOnlySpan<byte> ServedHeadFile => "update.head.efi"u8;

    /// <summary>On a server, the update.</summary>
    public static ReadOnlySpan<byte> ServedBundleFile => "update.efi"u8;

    /// <summary>The update that the loader looks for in the root of volumes that are not on its own key.</summary>
    public static ReadOnlySpan<byte> BundleFile => "ember.bundle"u8;
}
