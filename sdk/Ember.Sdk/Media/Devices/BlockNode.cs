using System.Collections.Generic;

namespace Ember.Sdk.Media.Devices;

/// <summary>A disk or partition in the kernel's graph of devices that are made of devices.</summary>
/// <param name="Name">The kernel's name.</param>
/// <param name="Folder">Its folder in <c>/sys</c>.</param>
/// <param name="Number">Major and minor number.</param>
/// <param name="Disk">For a partition the name of its disk.</param>
/// <param name="Holders">Names of the devices that are made of it.</param>
/// <param name="MapperName">For a device-mapper device its name; else empty.</param>
/// <param name="BackingFile">For a loop device the path of the file it shows; else empty.</param>
internal sealed record BlockNode(
    string Name, string Folder, string Number, string? Disk, IReadOnlyList<string> Holders, string MapperName, string BackingFile)
{
    /// <summary>What it is called in <c>/dev</c>.</summary>
    public string Path => MapperName.Length == 0 ? "/dev/" + Name.Replace('!', '/') : "/dev/mapper/" + MapperName;

    /// <summary>True if <paramref name="path"/> is what this device is called in <c>/dev</c>.</summary>
    public bool IsAt(string path) => path == Path || path == "/dev/" + Name;
}
