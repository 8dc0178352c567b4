namespace Ember.Sdk.Fat;

/// <summary>A file or folder found on a volume.</summary>
/// <param name="Path">Its folders and name, separated by <c>/</c>.</param>
/// <param name="ShortName">Its eight-and-three name with a dot between, for example <c>LONGNA~1.TXT</c>.</param>
/// <param name="IsDirectory">Whether it is a folder.</param>
/// <param name="Length">A file's length in bytes; zero for a folder.</param>
/// <param name="FirstCluster">Where it begins; zero for an empty file.</param>
/// <param name="Modified">When it was last changed, in the format's own bits; the creation tenths are those of its
/// creation.</param>
public sealed record FatEntry(
    string Path, string ShortName, bool IsDirectory, long Length, uint FirstCluster, FatTimestamp Modified);
