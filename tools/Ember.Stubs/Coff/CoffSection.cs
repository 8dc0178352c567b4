namespace Ember.Stubs.Coff;

/// <summary>One function or data object: a COMDAT section and the external symbol inside it.</summary>
/// <param name="Kind">What kind of memory the section becomes.</param>
/// <param name="Symbol">The name other objects refer to.</param>
/// <param name="Content">The bytes; empty for uninitialised data.</param>
/// <param name="Relocations">Places that hold a distance to another symbol.</param>
/// <param name="Size">Bytes of uninitialised data; otherwise unused.</param>
/// <param name="SymbolOffset">Where in the section the symbol points.</param>
public sealed record CoffSection(
    SectionKind Kind, string Symbol, byte[] Content, IReadOnlyList<CoffRelocation> Relocations, int Size = 0, int SymbolOffset = 0);

/// <summary>A place in a section that refers to a symbol.</summary>
/// <param name="Offset">Where in the section the reference lies.</param>
/// <param name="Symbol">What it refers to.</param>
/// <param name="Kind">How it refers to it.</param>
public sealed record CoffRelocation(int Offset, string Symbol, RelocationKind Kind = RelocationKind.Distance);
