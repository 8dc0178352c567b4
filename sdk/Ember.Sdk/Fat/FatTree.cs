using System;
using System.Collections.Generic;
using System.Linq;

namespace Ember.Sdk.Fat;

/// <summary>
/// The folders and files of a volume, checked and named. The order of entries depends on the names alone, not on the order in
/// which the files were given.
/// </summary>
public sealed class FatTree
{
    /// <summary>Length of the largest file, one byte less than 4 GiB.</summary>
    public const long LargestFile = uint.MaxValue;

    /// <summary>
    /// Longest path in UTF-16 units; with its end and a drive letter's slash it is the 260 of the FAT specification.
    /// </summary>
    public const int LongestPath = 258;

    private const int LargestDirectory = 65_536;
    private const int LastTail = 999_999;

    private FatTree(FatNode root) => Root = root;

    internal FatNode Root { get; }

    /// <summary>Every folder, a folder before those in it, the root first.</summary>
    internal IEnumerable<FatNode> Directories => Walk(Root).Where(node => node.IsDirectory);

    /// <summary>Every file.</summary>
    internal IEnumerable<FatNode> Files => Walk(Root).Where(node => !node.IsDirectory);

    /// <summary>Sorts files into folders and gives each its short name.</summary>
    /// <exception cref="ImageException">A name is not allowed or not unique, a file too long, a folder too full.</exception>
    public static FatTree Build(IEnumerable<FatFile> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        FatNode root = new("", "", null, isDirectory: true, length: 0);
        Dictionary<string, FatNode> byPath = new(StringComparer.OrdinalIgnoreCase) { [""] = root };
        foreach (FatFile file in files.OrderBy(file => file.Path, StringComparer.Ordinal))
        {
            Add(byPath, file);
        }

        FatTree tree = new(root);
        foreach (FatNode directory in tree.Directories)
        {
            directory.Children.Sort((left, right) => string.CompareOrdinal(left.Name, right.Name));
            AssignShortNames(directory);
            if (DirectoryEntryCount(directory) > LargestDirectory)
            {
                throw new ImageException(ErrorKind.Input, $"'{directory.Path}/'",
                    $"its files need more than the {LargestDirectory} entries that a FAT folder holds", "use more folders");
            }
        }

        return tree;
    }

    /// <summary>How many clusters of a volume the tree takes.</summary>
    public long ClustersNeeded(FatGeometry geometry) => Walk(Root).Sum(node => ClustersNeeded(node, geometry));

    internal static long ClustersNeeded(FatNode node, FatGeometry geometry) => node switch
    {
        { IsDirectory: false } => geometry.ClustersFor(node.Length),
        { Parent: null } when geometry.RootEntryCount != 0 => 0,
        _ => geometry.ClustersFor((long)DirectoryEntryCount(node) * FatNode.EntrySize),
    };

    /// <summary>
    /// Entries of a folder: the label in the root and "." and ".." elsewhere, the children's, and one of zeros, for not every
    /// driver stops where the clusters end.
    /// </summary>
    internal static int DirectoryEntryCount(FatNode directory) =>
        (directory.Parent is null ? 1 : 2) + directory.Children.Sum(child => child.EntryCount) + 1;

    private static void Add(Dictionary<string, FatNode> byPath, FatFile file)
    {
        if (file.Length is < 0 or > LargestFile)
        {
            throw new ImageException(ErrorKind.Input, $"'{file.Path}'",
                $"the file is {file.Length} bytes long, and FAT holds {LargestFile}", "split it");
        }

        if (file.Path.Length > LongestPath)
        {
            throw new ImageException(ErrorKind.Input, $"'{file.Path}'",
                $"the path is {file.Path.Length} characters long, and FAT allows {LongestPath}", "shorten its names");
        }

        FatNode directory = byPath[""];
        string[] names = file.Path.Split('/');
        for (int depth = 0; depth < names.Length; depth++)
        {
            string name = names[depth];
            bool isDirectory = depth < names.Length - 1;
            LongName.Check(name, file.Path);
            string path = string.Join('/', names[..(depth + 1)]);
            if (byPath.TryGetValue(path, out FatNode? node))
            {
                if (!node.IsDirectory || !isDirectory || node.Path != path)
                {
                    throw new ImageException(ErrorKind.Input, $"'{file.Path}'",
                        $"there is '{node.Path}' already, and FAT does not tell upper case from lower",
                        "rename one, and write folders the same everywhere");
                }
            }
            else
            {
                node = new FatNode(name, path, directory, isDirectory, isDirectory ? 0 : file.Length);
                directory.Children.Add(node);
                byPath.Add(path, node);
            }

            directory = node;
        }
    }

    private static void AssignShortNames(FatNode directory)
    {
        HashSet<ShortName> taken = [];
        List<FatNode> others = [];
        foreach (FatNode child in directory.Children)
        {
            if (ShortName.TryExact(child.Name) is { } exact)
            {
                // Names are unique whatever their case, and so are these.
                child.ShortName = exact;
                taken.Add(exact);
            }
            else
            {
                others.Add(child);
            }
        }

        Dictionary<string, int> lastTails = [];
        foreach (FatNode child in others)
        {
            string stem = ShortName.Stem(child.Name);
            int tail = lastTails.GetValueOrDefault(stem);
            do
            {
                if (++tail > LastTail)
                {
                    throw new ImageException(ErrorKind.Input, $"'{child.Path}'",
                        "too many names begin alike", "use more folders");
                }

                child.ShortName = ShortName.Numbered(child.Name, tail);
            }
            while (!taken.Add(child.ShortName));

            lastTails[stem] = tail;
        }
    }

    private static IEnumerable<FatNode> Walk(FatNode node)
    {
        yield return node;
        foreach (FatNode descendant in node.Children.SelectMany(Walk))
        {
            yield return descendant;
        }
    }
}
