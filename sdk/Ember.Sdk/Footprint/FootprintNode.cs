using System.Collections.Generic;

namespace Ember.Sdk.Footprint;

/// <summary>A row of the report's tree, with everything under it.</summary>
/// <param name="Name">What people call it: an assembly, namespace, type, member, or a part of the file.</param>
/// <param name="Kind">What the piece is for, when it is one; null for a row that only gathers others.</param>
/// <param name="Sizes">What it takes with everything under it.</param>
/// <param name="Symbol">The name of the symbol behind the row; null when there is none.</param>
/// <param name="Children">The rows under it, the largest first.</param>
public sealed record FootprintNode(
    string Name, PieceKind? Kind, Sizes Sizes, string? Symbol, IReadOnlyList<FootprintNode> Children);
