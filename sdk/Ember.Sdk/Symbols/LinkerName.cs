namespace Ember.Sdk.Symbols;

/// <summary>A name that the linker gave an address.</summary>
/// <param name="Rva">The address, from the image's base.</param>
/// <param name="Name">The name.</param>
public readonly record struct LinkerName(uint Rva, string Name);
