using System.Collections.Generic;
using System.IO;
using System.Linq;
using Ember.Sdk.Media.Devices;
using Ember.Sdk.Tests.Hosting;

namespace Ember.Sdk.Tests.Media;

/// <summary>A made-up <c>/sys</c> and <c>/proc</c>.</summary>
internal sealed class DeviceTree
{
    private readonly TemporaryFolder _root;
    private readonly List<string> _mounts = [];

    public DeviceTree(TemporaryFolder root)
    {
        _root = root;
        Mount("0:20", "/proc", "proc");
        Write("proc/swaps", "Filename Type Size Used Priority\n");
    }

    /// <summary>A disk of 8 GB.</summary>
    public string Disk(string name, string number, bool isRemovable = true)
    {
        string folder = $"sys/block/{name}";
        Write($"{folder}/dev", number + "\n");
        Write($"{folder}/size", "15625000\n");
        Write($"{folder}/removable", isRemovable ? "1\n" : "0\n");
        Write($"{folder}/ro", "0\n");
        Write($"{folder}/queue/logical_block_size", "512\n");
        return folder;
    }

    /// <summary>A partition.</summary>
    public void Partition(string disk, string name, string number)
    {
        Write($"sys/block/{disk}/{name}/partition", "1\n");
        Write($"sys/block/{disk}/{name}/dev", number + "\n");
        Write($"sys/block/{disk}/{name}/size", "1000\n");
    }

    public void Holder(string folder, string holder) => Write($"{folder}/holders/{holder}/dev", "");

    public void Mount(string number, string point, string source)
    {
        _mounts.Add($"{_mounts.Count + 20} 1 {number} / {point} rw,relatime shared:1 - ext4 {source} rw\n");
        Write("proc/self/mountinfo", string.Concat(_mounts));
    }

    public void Write(string path, string text)
    {
        string full = _root[path];
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }

    public void Write(string path, byte[] bytes)
    {
        Write(path, "");
        File.WriteAllBytes(_root[path], bytes);
    }

    /// <summary>Makes a link, as <c>/sys/block</c> consists of.</summary>
    public void Link(string path, string target)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_root[path])!);
        Directory.CreateSymbolicLink(_root[path], _root[target]);
    }

    public BlockDevices Read() => BlockDevices.Read(_root.Path);

    public BlockDevice Device(string name) => Read().All.First(device => device.Name == name);
}
