namespace Ember.Sdk.Fat;

/// <summary>Where a file's bytes go. Its clusters follow one another, so this is all there is to know.</summary>
/// <param name="Path">Its folders and name, separated by <c>/</c>.</param>
/// <param name="Offset">Bytes from the start of the volume; zero for an empty file, which has no place.</param>
/// <param name="Length">Its length in bytes.</param>
public readonly record struct FatPlacement(string Path, long Offset, long Length);
