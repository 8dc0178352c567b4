namespace Ember.Sdk.Fat;

/// <summary>A file to be placed on a volume.</summary>
/// <param name="Path">Its folders and name, separated by <c>/</c>, for example <c>EFI/BOOT/BOOTX64.EFI</c>.</param>
/// <param name="Length">Its length in bytes.</param>
public sealed record FatFile(string Path, long Length);
