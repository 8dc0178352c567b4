using System.Globalization;
using System.IO;

namespace Ember.Sdk.Verification;

/// <summary>Disks that the host knows.</summary>
internal static class BlockDevice
{
    // The kernel counts in these whatever the disk's own sectors are.
    private const long SysfsSector = 512;

    /// <summary>Bytes of the device that a path names; null when it names none.</summary>
    public static long? LengthOf(string path)
    {
        string device = File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? Path.GetFullPath(path);
        string size = $"/sys/class/block/{Path.GetFileName(device)}/size";
        return Path.GetDirectoryName(device) == "/dev" && File.Exists(size)
            ? long.Parse(File.ReadAllText(size), NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture) * SysfsSector
            : null;
    }
}
