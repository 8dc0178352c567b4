using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Ember.Sdk.Footprint.Comparison;
using Ember.Sdk.Manifests;

namespace Ember.Sdk.Footprint.Budgets;

/// <summary>Holds a core against the budgets of a manifest.</summary>
public static class BudgetCheck
{
    private const int MostRows = 10;

    /// <summary>The budgets that a core exceeds, in the manifest's order; none when all is well.</summary>
    /// <param name="budget">The budgets; the baseline is read if one is named.</param>
    /// <param name="core">The core.</param>
    /// <exception cref="EmberException">
    /// The baseline is no snapshot, or a namespace has a budget that nothing lies in (exit code 2).
    /// </exception>
    public static IReadOnlyList<BudgetExcess> Run(ManifestBudget budget, FootprintSnapshot core)
    {
        List<BudgetExcess> excesses = [];
        if (budget.Core is { } limit && core.Total.File > limit.Bytes)
        {
            excesses.Add(Largest(limit, "core is", core.Pieces));
        }

        if (budget is { Growth: { } growth, Baseline: { } baseline })
        {
            FootprintDiff diff = FootprintComparison.Compare(FootprintSnapshot.Read(baseline), core);
            if (diff.After.File - diff.Before.File > growth.Bytes)
            {
                excesses.Add(Grown(growth, Path.GetFileName(baseline), diff));
            }
        }

        foreach ((string space, BudgetLimit most) in budget.Namespaces)
        {
            SnapshotPiece[] inside = [.. core.Pieces.Where(piece => IsIn(piece, space))];
            if (inside.Length == 0)
            {
                throw Unknown(space, most, core);
            }

            if (inside.Sum(piece => piece.Sizes.File) > most.Bytes)
            {
                excesses.Add(Largest(most, $"namespace {space} is", inside));
            }
        }

        return [.. excesses.OrderBy(excess => excess.Limit.Position.Line)];
    }

    private static BudgetExcess Largest(BudgetLimit limit, string subject, IEnumerable<SnapshotPiece> pieces)
    {
        (string Name, long Bytes)[] members =
        [
            .. pieces.GroupBy(piece => piece.Source.FullName).Select(group => (group.Key, group.Sum(piece => piece.Sizes.File))),
        ];
        return new BudgetExcess(limit, subject, members.Sum(member => member.Bytes), "the ten largest", Most(members));
    }

    private static BudgetExcess Grown(BudgetLimit limit, string baseline, FootprintDiff diff) => new(
        limit,
        $"against {baseline}, core grew by",
        diff.After.File - diff.Before.File,
        "the ten that grew most",
        Most(diff.Rows.GroupBy(row => row.Name).Select(group => (group.Key, group.Sum(row => row.Delta.File)))));

    private static (string Name, long Bytes)[] Most(IEnumerable<(string Name, long Bytes)> members) =>
    [
        .. members
            .Where(member => member.Bytes > 0)
            .OrderByDescending(member => member.Bytes)
            .ThenBy(member => member.Name, StringComparer.Ordinal)
            .Take(MostRows),
    ];

    private static bool IsIn(SnapshotPiece piece, string space) =>
        piece.Source.Namespace == space || piece.Source.Namespace.StartsWith(space + '.', StringComparison.Ordinal);

    /// <summary>A budget that nothing can exceed is a mistyped name.</summary>
    private static EmberException Unknown(string space, BudgetLimit limit, FootprintSnapshot core)
    {
        string? meant = NearestName.Of(
            space, core.Pieces.Select(piece => piece.Source.Namespace).Where(name => name.Length != 0).Distinct());
        return limit.Position.Error(
            $"[budget.namespaces]: nothing in the core lies in '{space}'; "
            + (meant is null ? "remove the line" : $"did you mean '{meant}'?"));
    }
}
