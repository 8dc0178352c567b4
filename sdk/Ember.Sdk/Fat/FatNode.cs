using System.Collections.Generic;
using System.Linq;

namespace Ember.Sdk.Fat;

/// <summary>A file or folder that is to be written.</summary>
/// <param name="name">Its long name; empty for the root.</param>
/// <param name="path">Its folders and name, separated by <c>/</c>.</param>
/// <param name="parent">The folder it is in; null for the root.</param>
/// <param name="isDirectory">Whether it is a folder.</param>
/// <param name="length">A file's length in bytes.</param>
internal sealed class FatNode(string name, string path, FatNode? parent, bool isDirectory, long length)
{
    public const int EntrySize = 32;

    public string Name { get; } = name;

    public string Path { get; } = path;

    public FatNode? Parent { get; } = parent;

    public bool IsDirectory { get; } = isDirectory;

    public long Length { get; } = length;

    /// <summary>What is in a folder, in the order of its entries.</summary>
    public List<FatNode> Children { get; } = [];

    public ShortName ShortName { get; set; }

    /// <summary>
    /// Entries that the node takes in its folder: those of the long name, if the short one does not say it all, and its own.
    /// </summary>
    public int EntryCount => 1 + (HasLongName ? LongName.EntryCount(Name.Length) : 0);

    /// <summary>
    /// Whether the short name leaves something out. Lower case does count: the two bits that Windows NT has for it mean nothing
    /// to
    /// some firmware.
    /// </summary>
    public bool HasLongName => ShortName.TryExact(Name) != ShortName || Name.Any(char.IsAsciiLetterLower);
}
