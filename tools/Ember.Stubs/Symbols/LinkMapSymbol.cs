namespace Ember.Stubs.Symbols;

/// <summary>A name in a link map.</summary>
/// <param name="Rva">Its distance from the image base, in bytes.</param>
/// <param name="Name">The name as the object file has it.</param>
public readonly record struct LinkMapSymbol(uint Rva, string Name);
