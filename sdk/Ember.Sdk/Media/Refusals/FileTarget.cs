using System;
using System.Linq;

namespace Ember.Sdk.Media.Refusals;

/// <summary>The rules for a file that stands for a device.</summary>
internal static class FileTarget
{
    // A file made here by mistake is in memory, and in the way of the device of that name.
    private static readonly string[] _kernelFolders = ["/dev/", "/proc/", "/sys/"];

    /// <summary>Checks where it is and what is there.</summary>
    /// <param name="path">Absolute.</param>
    /// <param name="imagePath">The image's file.</param>
    /// <exception cref="EmberException">It is no place for a file, no ordinary file, or the image itself.</exception>
    public static void Check(string path, string imagePath)
    {
        NodeStatus? status = NativeFile.Status(path);
        if (status is null ? _kernelFolders.Any(folder => path.StartsWith(folder, StringComparison.Ordinal)) : !status.IsRegularFile)
        {
            throw WriteRules.Refuse(path, new Refusal(
                "file", status is null ? "there is no device of that name" : "it is no ordinary file",
                "leave --file away to write a device"));
        }

        if (status?.IsSameFile(NativeFile.Status(imagePath)) == true)
        {
            throw WriteRules.Refuse(path, new Refusal("source", "it is the image itself", "name another file"));
        }
    }

    /// <summary>Checks that the image fits.</summary>
    /// <exception cref="EmberException">It does not.</exception>
    public static void CheckLength(string path, long length, long imageLength)
    {
        if (length < imageLength)
        {
            throw WriteRules.Refuse(path, WriteRules.TooSmall(length, imageLength));
        }
    }
}
