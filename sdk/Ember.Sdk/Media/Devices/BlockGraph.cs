using System;
using System.Collections.Generic;
using System.Linq;
using Ember.Sdk.Footprint.Html;

namespace Ember.Sdk.Media.Devices;

/// <summary>
/// Which device is made of which, and what uses them: partitions of disks, mapped and RAID devices of their parts, loop devices of the
/// file systems that their files lie on.
/// </summary>
internal sealed class BlockGraph
{
    private const string Deleted = " (deleted)";

    private readonly Dictionary<string, BlockNode> _nodes = new(StringComparer.Ordinal);
    private readonly List<Mount> _mounts = [];
    private readonly List<string> _swaps = [];
    private readonly HashSet<string> _btrfs = new(StringComparer.Ordinal);

    /// <summary>Reads it.</summary>
    /// <exception cref="EmberException">The kernel's tables cannot be read (exit code 3).</exception>
    public BlockGraph(SystemTree tree)
    {
        foreach (string disk in tree.Names("/sys/block"))
        {
            string folder = $"/sys/block/{disk}";
            Add(tree, disk, folder, null);
            foreach (string part in tree.Names(folder).Where(name => tree.HasFile($"{folder}/{name}/partition")))
            {
                Add(tree, part, $"{folder}/{part}", disk);
            }
        }

        if (_nodes.Count == 0)
        {
            throw SystemTree.CannotTell("/sys/block", null);
        }

        _mounts.AddRange(tree.Lines("/proc/self/mountinfo").Select(Mount.Parse).OfType<Mount>());
        // The first line is a heading. A kernel without swap has no table.
        _swaps.AddRange(tree.HasFile("/proc/swaps")
            ? tree.Lines("/proc/swaps").Skip(1).Select(line => Mount.Unescape(line.Split(' ', '\t')[0]))
            : []);
        // Btrfs claims its devices without being their holder, and only one of them shows in the table of mounts.
        foreach (string volume in tree.Names("/sys/fs/btrfs"))
        {
            _btrfs.UnionWith(tree.Names($"/sys/fs/btrfs/{volume}/devices"));
        }
    }

    /// <summary>Every disk and partition, by name.</summary>
    public IEnumerable<BlockNode> Nodes => _nodes.Values;

    /// <summary>Everything that uses <paramref name="node"/>, the worst first.</summary>
    public IReadOnlyList<DeviceUse> UsesOf(BlockNode node)
    {
        List<DeviceUse> uses = [];
        foreach (BlockNode used in Closure(node))
        {
            string path = VisibleText.Of(used.Path);
            uses.AddRange(_mounts.Where(mount => IsOn(mount, used)).Select(mount => new DeviceUse(
                mount.IsSystem ? DeviceUseKind.System : DeviceUseKind.Mounted, path, VisibleText.Of(mount.Point))));
            uses.AddRange(_swaps.Where(used.IsAt).Select(_ => new DeviceUse(DeviceUseKind.Swap, path, "")));
            uses.AddRange(used.Holders.Concat(LoopsOn(used).Select(loop => loop.Name))
                .Select(holder => new DeviceUse(DeviceUseKind.Held, path, VisibleText.Of(Describe(holder)))));
            if (_btrfs.Contains(used.Name))
            {
                uses.Add(new DeviceUse(DeviceUseKind.Held, path, "a btrfs file system"));
            }
        }

        return [.. uses.Distinct().OrderBy(use => use.Kind)];
    }

    /// <summary>True if a file lies on <paramref name="node"/>.</summary>
    /// <param name="node">The device.</param>
    /// <param name="path">The file's path, absolute.</param>
    /// <param name="fileSystem">Major and minor number of its file system, which is right even if links are on the way.</param>
    public bool Holds(BlockNode node, string path, string? fileSystem)
    {
        Mount? mount = Mount.Of(path, _mounts);
        return Closure(node).Any(used => used.Number == fileSystem || (mount is not null && IsOn(mount, used)));
    }

    // The device itself and everything that is made of it. A tree that goes in a circle ends too.
    private List<BlockNode> Closure(BlockNode node)
    {
        List<BlockNode> found = [node];
        HashSet<string> names = new(StringComparer.Ordinal) { node.Name };
        for (int i = 0; i < found.Count; i++)
        {
            BlockNode user = found[i];
            IEnumerable<BlockNode> next = user.Holders.Select(holder => _nodes.GetValueOrDefault(holder)).OfType<BlockNode>()
                .Concat(_nodes.Values.Where(part => part.Disk == user.Name))
                .Concat(LoopsOn(user));
            found.AddRange(next.Where(other => names.Add(other.Name)));
        }

        return found;
    }

    private IEnumerable<BlockNode> LoopsOn(BlockNode node) => _nodes.Values.Where(loop =>
        loop.BackingFile.Length != 0
        && ((Mount.Of(loop.BackingFile, _mounts) is { } mount && IsOn(mount, node)) || node.IsAt(loop.BackingFile)));

    // File systems of several devices have a number of no device, and name one as their source.
    private static bool IsOn(Mount mount, BlockNode node) => mount.Number == node.Number || node.IsAt(mount.Source);

    private string Describe(string holder) =>
        _nodes.TryGetValue(holder, out BlockNode? node) && node.MapperName.Length != 0 ? $"{holder} ({node.MapperName})" : holder;

    private void Add(SystemTree tree, string name, string folder, string? disk)
    {
        string backing = tree.Attribute($"{folder}/loop/backing_file");
        _nodes[name] = new BlockNode(
            name, folder, tree.Attribute($"{folder}/dev"), disk, tree.Names($"{folder}/holders"), tree.Attribute($"{folder}/dm/name"),
            backing.EndsWith(Deleted, StringComparison.Ordinal) ? backing[..^Deleted.Length] : backing);
    }
}
