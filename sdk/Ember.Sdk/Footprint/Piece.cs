using Ember.Sdk.Symbols;

namespace Ember.Sdk.Footprint;

/// <summary>A stretch of bytes with one owner. The pieces of a core tile it: they add up to its file and its memory exactly.</summary>
/// <param name="Kind">What it is for.</param>
/// <param name="Source">Whose it is.</param>
/// <param name="Sizes">What it takes.</param>
/// <param name="Symbol">The symbol it is, or describes; null when it has none.</param>
public sealed record Piece(PieceKind Kind, SourceMember Source, Sizes Sizes, Symbol? Symbol);
