using System.Collections.Generic;

namespace Ember.Sdk.Manifests;

/// <summary>How large the core may be.</summary>
public sealed record ManifestBudget
{
    /// <summary>The most that the file of the core may have; null for no limit.</summary>
    public BudgetLimit? Core { get; init; }

    /// <summary>The most that it may have more than <see cref="Baseline"/>, which is there then; null for no limit.</summary>
    public BudgetLimit? Growth { get; init; }

    /// <summary>Full path of the snapshot of an earlier build; it was there when the manifest was read. Null for none.</summary>
    public string? Baseline { get; init; }

    /// <summary>The most that each of some namespaces may have with all under it.</summary>
    public IReadOnlyDictionary<string, BudgetLimit> Namespaces { get; init; } = new Dictionary<string, BudgetLimit>();
}
