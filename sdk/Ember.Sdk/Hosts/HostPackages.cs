using System.Collections.Generic;
using System.Linq;
using Ember.Sdk.Validation;

namespace Ember.Sdk.Hosts;

/// <summary>Everything Ember needs from a Debian 12 host besides the .NET SDK.</summary>
public static class HostPackages
{
    /// <summary>The packages, in the order in which they are needed.</summary>
    public static IReadOnlyList<HostPackage> All { get; } =
    [
        new("lld", "links the core", "lld-link", HostPurpose.Build),
        new("qemu-system-x86", "emulates the server", "qemu-system-x86_64", HostPurpose.Run),
        new("ovmf", "the server's UEFI firmware", "/usr/share/OVMF/OVMF_CODE_4M.fd", HostPurpose.Run | HostPurpose.RunBochs),
        new("bochs", "emulates the server", BochsMachine.Program, HostPurpose.RunBochs | HostPurpose.Test),
        new("bochs-term", "shows its screen", BochsMachine.Display, HostPurpose.RunBochs | HostPurpose.Test),
        new("vgabios", "its video firmware", BochsMachine.VideoFirmware, HostPurpose.RunBochs | HostPurpose.Test),
        new("mtools", "tests: reads FAT", "mcopy", HostPurpose.Test),
        new("dosfstools", "tests: checks FAT", "fsck.fat", HostPurpose.Test),
        new("gdisk", "tests: checks GPT", "sgdisk", HostPurpose.Test),
        new("zstd", "tests: reads compressed images", "zstd", HostPurpose.Test),
        new("bmap-tools", "tests: writes images by their block maps", "bmaptool", HostPurpose.Test),
        new("qemu-utils", "tests: checks disk images", "qemu-img", HostPurpose.Test),
        new("xorriso", "tests: reads discs", "xorriso", HostPurpose.Test),
        new("cpio", "tests: reads initramfs archives", "cpio", HostPurpose.Test),
        new("acpica-tools", "tests: reads ACPI tables", "iasl", HostPurpose.Test),
        new("sbsigntool", "tests: signs and verifies EFI applications", "sbverify", HostPurpose.Test),
        new("osslsigncode", "tests: signs and verifies EFI applications", "osslsigncode", HostPurpose.Test),
        new("openssl", "tests: signs and reads certificates", "openssl", HostPurpose.Test),
        new("softhsm2", "tests: stands in for a hardware security module", "softhsm2-util", HostPurpose.Test),
        new("faketime", "tests: builds on another day", "faketime", HostPurpose.Test),
        new("swtpm", "tests: is the server's TPM", "swtpm", HostPurpose.Test),
        new("iproute2", "tests: makes the network of a server without a disk", "ip", HostPurpose.Test),
        new("dnsmasq-base", "tests: is that network's DHCP server", "dnsmasq", HostPurpose.Test),
        new("chromium", "tests: shows pages", "chromium", HostPurpose.Test),
        new("chromium-driver", "tests: drives chromium", "chromedriver", HostPurpose.Test),
    ];

    /// <summary>The packages that <paramref name="purpose"/> needs and <paramref name="host"/> lacks.</summary>
    public static IReadOnlyList<HostPackage> Missing(HostSystem host, HostPurpose purpose) =>
        [.. All.Where(package => (package.Purpose & purpose) != 0 && !package.IsPresent(host))];
}
