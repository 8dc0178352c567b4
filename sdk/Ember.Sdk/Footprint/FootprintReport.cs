using System.Collections.Generic;
using Ember.Sdk.Audit;

namespace Ember.Sdk.Footprint;

/// <summary>Everything there is to say about where the bytes of a core, or of an image of a key with it, go.</summary>
public sealed record FootprintReport
{
    /// <summary>The name of the file that was looked at.</summary>
    public required string Name { get; init; }

    /// <summary>SHA-256 of the core, unsigned.</summary>
    public required string Digest { get; init; }

    /// <summary>The tree; its own sizes are the totals.</summary>
    public required FootprintNode Root { get; init; }

    /// <summary>Every symbol, the largest in the file first.</summary>
    public required IReadOnlyList<SymbolReport> Symbols { get; init; }

    /// <summary>Generics with two shapes or more, the largest first.</summary>
    public required IReadOnlyList<GenericGroup> Generics { get; init; }

    /// <summary>Equal and nearly equal methods, what wastes most first.</summary>
    public required IReadOnlyList<DuplicateGroup> Duplicates { get; init; }

    /// <summary>The machine code of every function.</summary>
    public required IReadOnlyList<MethodListing> Listings { get; init; }

    /// <summary>The build held against an earlier one; null when there is none.</summary>
    public FootprintDiff? Diff { get; init; }

    /// <summary>Former builds, the oldest first; this one last, when the history is kept.</summary>
    public IReadOnlyList<HistoryEntry> History { get; init; } = [];

    /// <summary>What can be proven of the core; null when nobody asked.</summary>
    public AuditReport? Audit { get; init; }
}
