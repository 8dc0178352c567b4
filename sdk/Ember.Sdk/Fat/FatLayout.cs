using System;
using System.Collections.Generic;
using System.Linq;

namespace Ember.Sdk.Fat;

/// <summary>
/// A tree laid out on a volume: folders first, then files, every one of them in clusters that follow one another.
/// </summary>
public sealed class FatLayout
{
    private readonly Dictionary<FatNode, uint> _firstClusters = [];

    private FatLayout(FatTree tree, FatGeometry geometry)
    {
        Tree = tree;
        Geometry = geometry;
        uint next = FatGeometry.FirstCluster;
        foreach (FatNode node in InClusterOrder)
        {
            uint count = (uint)FatTree.ClustersNeeded(node, geometry);
            _firstClusters.Add(node, count == 0 ? 0 : next);
            next += count;
        }

        NextFreeCluster = next;
    }

    /// <summary>How the volume divides its sectors.</summary>
    public FatGeometry Geometry { get; }

    /// <summary>Clusters that nothing uses; all of them lie at the end.</summary>
    public uint FreeClusters => (uint)(Geometry.ClusterCount + FatGeometry.FirstCluster - NextFreeCluster);

    /// <summary>Where the bytes of each file go, in ascending order.</summary>
    public IEnumerable<FatPlacement> Files => Tree.Files.Select(node =>
        new FatPlacement(node.Path, node.Length == 0 ? 0 : Geometry.ClusterOffset(FirstCluster(node)), node.Length));

    internal FatTree Tree { get; }

    internal uint NextFreeCluster { get; }

    /// <summary>Folders and files in the order of their clusters.</summary>
    internal IEnumerable<FatNode> InClusterOrder => Tree.Directories.Concat(Tree.Files);

    /// <summary>Lays a tree out on a volume.</summary>
    /// <returns>The layout, or null if there are not enough clusters.</returns>
    /// <exception cref="ImageException">The root folder has more entries than FAT12 and FAT16 have room for.</exception>
    public static FatLayout? TryCreate(FatTree tree, FatGeometry geometry)
    {
        ArgumentNullException.ThrowIfNull(tree);
        int rootEntries = FatTree.DirectoryEntryCount(tree.Root);
        if (geometry.RootEntryCount != 0 && rootEntries > geometry.RootEntryCount)
        {
            throw new ImageException(ErrorKind.Input, "root folder",
                $"its files need {rootEntries} entries, and FAT12 and FAT16 have {geometry.RootEntryCount}",
                "move some into folders, shorten names, or ask for FAT32");
        }

        return tree.ClustersNeeded(geometry) <= geometry.ClusterCount ? new FatLayout(tree, geometry) : null;
    }

    /// <summary>The first cluster of a folder or file; zero for an empty file and a root folder that has no clusters.</summary>
    internal uint FirstCluster(FatNode node) => _firstClusters[node];
}
