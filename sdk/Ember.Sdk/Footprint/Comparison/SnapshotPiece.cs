using Ember.Sdk.Symbols;

namespace Ember.Sdk.Footprint.Comparison;

/// <summary>What one source member takes for one purpose. No two pieces of a snapshot have both in common.</summary>
/// <param name="Kind">The purpose.</param>
/// <param name="Source">The member.</param>
/// <param name="Sizes">What it takes.</param>
/// <param name="Hash">
/// SHA-256 of its bytes without the addresses in them, so that it stays the same when the code around it moves; empty for what has
/// no content of its own.
/// </param>
public sealed record SnapshotPiece(PieceKind Kind, SourceMember Source, Sizes Sizes, string Hash)
{
    /// <summary>What makes it the same piece in another build.</summary>
    internal (PieceKind Kind, string Assembly, string FullName) Identity => (Kind, Source.Assembly, Source.FullName);
}
