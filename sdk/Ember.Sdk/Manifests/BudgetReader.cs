using System.Collections.Generic;

namespace Ember.Sdk.Manifests;

/// <summary>Reads the [budget] table of a manifest.</summary>
internal static class BudgetReader
{
    /// <summary>Every key the table may have.</summary>
    public static readonly IReadOnlyList<string> Keys = ["core", "growth", "baseline", "namespaces"];

    /// <summary>Reads the table.</summary>
    /// <param name="file">The manifest's path as it was given; the baseline is relative to its folder.</param>
    /// <param name="table">The table, or null when there is none.</param>
    /// <exception cref="EmberException">Something in it is wrong (exit code 2).</exception>
    public static ManifestBudget Read(string file, ManifestTable? table)
    {
        if (table is null)
        {
            return new ManifestBudget();
        }

        string? baseline = table.FindText("baseline") is { } path ? table.Locate("baseline", path) : null;
        if (baseline is null && table.Find("growth") is { } growth)
        {
            throw table.Error("growth", growth, "needs a baseline; name a footprint that was saved, as in baseline = \"footprint.json\"");
        }

        return new ManifestBudget
        {
            Core = Limit(file, table, "core"),
            Growth = Limit(file, table, "growth"),
            Baseline = baseline,
            Namespaces = ReadNamespaces(file, table),
        };
    }

    private static Dictionary<string, BudgetLimit> ReadNamespaces(string file, ManifestTable budget)
    {
        if (budget.Find("namespaces") is not { } node)
        {
            return [];
        }

        TomlMap map = node as TomlMap
            ?? throw budget.Error("namespaces", node, $"is {node.Kind}; write [budget.namespaces] and a line for each namespace");
        ManifestTable table = new(file, "[budget.namespaces]", map);
        Dictionary<string, BudgetLimit> limits = [];
        foreach (TomlEntry entry in map.Entries)
        {
            limits[entry.Key] = entry.Value is TomlMap
                ? throw table.Error(entry.Key, entry.Value, "is a table; put the whole namespace in quotation marks")
                : Limit(file, table, entry.Key)!;
        }

        return limits;
    }

    private static BudgetLimit? Limit(string file, ManifestTable table, string key) => table.FindSize(key) is { } bytes
        ? new BudgetLimit(bytes, new ManifestPosition(file, table.Require(key).Line))
        : null;
}
