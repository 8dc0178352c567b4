namespace Ember.Sdk.Symbols;

/// <summary>A piece of an object file in the image.</summary>
/// <param name="Rva">Where it lies.</param>
/// <param name="Length">Its bytes.</param>
/// <param name="ObjectFile">The object file, <c>core.obj</c>.</param>
/// <param name="Section">The section it was there, <c>.xdata</c>.</param>
public sealed record LinkerChunk(uint Rva, uint Length, string ObjectFile, string Section);
