using System;
using System.Collections.Generic;
using System.Linq;

namespace Ember.Sdk.Footprint.Comparison;

/// <summary>
/// Finds what only has another name, in what one build lacks and another has more. Rather none than a wrong one: two pieces are a
/// pair only when each could be paired with no other.
/// </summary>
internal sealed class MovedPieces
{
    /// <summary>Smaller content is equal by chance: a getter is like any other getter.</summary>
    private const int TellingLength = 16;

    private readonly List<SnapshotPiece> _removed;
    private readonly List<SnapshotPiece> _added;
    private readonly List<(SnapshotPiece Before, SnapshotPiece After)> _pairs = [];

    public MovedPieces(IEnumerable<SnapshotPiece> removed, IEnumerable<SnapshotPiece> added)
    {
        _removed = [.. removed];
        _added = [.. added];

        // The same content under the same member's name, then under any name.
        Pair(piece => piece.Hash.Length == 0 ? null : $"{piece.Hash}\n{piece.Source.Member}");
        Pair(piece => IsTelling(piece) && piece.Hash.Length != 0 ? piece.Hash : null);

        // Changed and renamed: the same member of a type that moved, or the same parameters in the same type.
        Pair(piece => IsTelling(piece) ? $"{piece.Source.Type}\n{piece.Source.Member}" : null);
        Pair(piece => IsTelling(piece) && ParametersOf(piece) is { } parameters
            ? $"{piece.Source.Namespace}\n{piece.Source.Type}\n{parameters}"
            : null);
    }

    /// <summary>What is gone for good.</summary>
    public IReadOnlyList<SnapshotPiece> Removed => _removed;

    /// <summary>What is new.</summary>
    public IReadOnlyList<SnapshotPiece> Added => _added;

    /// <summary>What has another name now.</summary>
    public IReadOnlyList<(SnapshotPiece Before, SnapshotPiece After)> Pairs => _pairs;

    /// <summary>Makes pairs of what has the same key, is of one kind and nearly of one size.</summary>
    private void Pair(Func<SnapshotPiece, string?> keyOf)
    {
        HashSet<SnapshotPiece> paired = new(ReferenceEqualityComparer.Instance);
        Dictionary<(PieceKind, string), SnapshotPiece> after = Unique(_added, keyOf);
        foreach (((PieceKind, string) key, SnapshotPiece before) in Unique(_removed, keyOf))
        {
            if (after.TryGetValue(key, out SnapshotPiece? now) && IsSimilar(before, now))
            {
                _pairs.Add((before, now));
                paired.Add(before);
                paired.Add(now);
            }
        }

        _removed.RemoveAll(paired.Contains);
        _added.RemoveAll(paired.Contains);
    }

    private static Dictionary<(PieceKind Kind, string Key), SnapshotPiece> Unique(
        List<SnapshotPiece> pieces, Func<SnapshotPiece, string?> keyOf) => pieces
        .Where(piece => keyOf(piece) is not null)
        .GroupBy(piece => (piece.Kind, keyOf(piece)!))
        .Where(group => group.Count() == 1)
        .ToDictionary(group => group.Key, group => group.Single());

    private static bool IsTelling(SnapshotPiece piece) => piece.Sizes.Loaded >= TellingLength;

    /// <summary>Within an eighth of the larger.</summary>
    private static bool IsSimilar(SnapshotPiece left, SnapshotPiece right) =>
        Math.Abs(left.Sizes.Loaded - right.Sizes.Loaded) * 8 <= Math.Max(left.Sizes.Loaded, right.Sizes.Loaded);

    private static string? ParametersOf(SnapshotPiece piece)
    {
        int parenthesis = piece.Source.Member.IndexOf('(', StringComparison.Ordinal);
        return parenthesis <= 0 ? null : piece.Source.Member[parenthesis..];
    }
}
