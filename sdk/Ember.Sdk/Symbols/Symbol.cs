using System.Collections.Generic;

namespace Ember.Sdk.Symbols;

/// <summary>A piece of an image that has a name. No two overlap.</summary>
/// <param name="Rva">Its first byte, counted from the image's base.</param>
/// <param name="Length">Its bytes.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Name">The name that compiler and linker use for it.</param>
/// <param name="Aliases">Other names of the same bytes: exports, and equal pieces that the linker folded into this one.</param>
/// <param name="Source">Where it comes from.</param>
public sealed record Symbol(
    uint Rva, uint Length, SymbolKind Kind, string Name, IReadOnlyList<string> Aliases, SourceMember Source)
{
    /// <summary>The address behind its last byte.</summary>
    public uint End => Rva + Length;

    /// <summary>Whether it is code.</summary>
    public bool IsCode => Kind is SymbolKind.Method or SymbolKind.Stub;
}
