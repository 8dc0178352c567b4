using System;
using System.Collections.Generic;
using System.Linq;
using Ember.Sdk.Symbols;

namespace Ember.Sdk.Footprint.Comparison;

/// <summary>Holds two builds against each other.</summary>
public static class FootprintComparison
{
    /// <summary>
    /// What differs in size or name, the largest change of the file first. The rows' changes add up to the change of the totals.
    /// </summary>
    public static FootprintDiff Compare(FootprintSnapshot before, FootprintSnapshot after)
    {
        Dictionary<(PieceKind, string, string), SnapshotPiece> former = before.Pieces.ToDictionary(piece => piece.Identity);
        List<DiffRow> rows = [];
        List<SnapshotPiece> added = [];
        foreach (SnapshotPiece piece in after.Pieces)
        {
            if (!former.Remove(piece.Identity, out SnapshotPiece? same))
            {
                added.Add(piece);
            }
            else if (piece.Sizes != same.Sizes)
            {
                rows.Add(Row(IsLarger(piece.Sizes, same.Sizes) ? DiffChange.Grown : DiffChange.Shrunk, same, piece));
            }
        }

        MovedPieces moved = new([.. before.Pieces.Where(piece => former.ContainsKey(piece.Identity))], added);
        rows.AddRange(moved.Pairs.Select(pair => Row(DiffChange.Moved, pair.Before, pair.After)));
        rows.AddRange(moved.Removed.Select(piece => Row(DiffChange.Removed, piece, null)));
        rows.AddRange(moved.Added.Select(piece => Row(DiffChange.Added, null, piece)));
        return new FootprintDiff(
            before.Name,
            before.Total,
            after.Total,
            [
                .. rows
                    .OrderByDescending(row => Math.Abs(row.Delta.File))
                    .ThenByDescending(row => Math.Abs(row.Delta.Loaded))
                    .ThenByDescending(row => Math.Abs(row.Delta.Flash))
                    .ThenByDescending(row => Math.Abs(row.Delta.RunTime))
                    .ThenBy(row => row.Name, StringComparer.Ordinal)
                    .ThenBy(row => row.Kind)
                    .ThenBy(row => row.Change),
            ]);
    }

    private static bool IsLarger(Sizes after, Sizes before) =>
        (after.File, after.Loaded, after.Flash, after.RunTime).CompareTo((before.File, before.Loaded, before.Flash, before.RunTime)) > 0;

    private static DiffRow Row(DiffChange change, SnapshotPiece? before, SnapshotPiece? after)
    {
        SourceMember now = (after ?? before)!.Source;
        return new DiffRow(
            change,
            (after ?? before)!.Kind,
            now.Namespace,
            now.FullName,
            change == DiffChange.Moved ? before!.Source.FullName : null,
            before?.Sizes ?? default,
            after?.Sizes ?? default);
    }
}
