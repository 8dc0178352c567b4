namespace Ember.Sdk.Footprint;

/// <summary>An instruction.</summary>
/// <param name="Rva">Where it is.</param>
/// <param name="Length">Its bytes.</param>
/// <param name="Text">The instruction, with symbols in place of addresses.</param>
/// <param name="Source">File and line of the C# it was compiled from, when it is another than the instruction before's; else null.</param>
public sealed record ListingLine(uint Rva, int Length, string Text, string? Source);
