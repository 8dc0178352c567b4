using System.Collections.Generic;
using System.IO;
using Ember.Sdk.Audit;
using Ember.Sdk.Footprint.Comparison;
using Ember.Sdk.Footprint.Duplicates;
using Ember.Sdk.Footprint.Generics;

namespace Ember.Sdk.Footprint;

/// <summary>Puts together everything there is to say about a core or an image.</summary>
public sealed record FootprintAnalysis
{
    /// <summary>What is looked at.</summary>
    public required FootprintTarget Target { get; init; }

    /// <summary>Memory that the running core takes besides its image; none when nothing told.</summary>
    public IReadOnlyList<Piece> RunTime { get; init; } = [];

    /// <summary>What to hold it against; null for nothing.</summary>
    public FootprintSnapshot? Baseline { get; init; }

    /// <summary>Former builds, this one last.</summary>
    public IReadOnlyList<HistoryEntry> History { get; init; } = [];

    /// <summary>What an audit found; null when there was none.</summary>
    public AuditReport? Audit { get; init; }

    /// <summary>Makes the report. It holds no path of the host, so the same build gives the same report.</summary>
    /// <exception cref="EmberException">The compiler's dependency graph or object file is none (exit code 2).</exception>
    public FootprintReport Report()
    {
        IReadOnlyList<SymbolReport> symbols = Target.Retention().Report(Target.Pieces);
        return new FootprintReport
        {
            Name = Path.GetFileName(Target.Path),
            Digest = Target.Core.UnsignedDigest(),
            Root = Target.Tree(RunTime),
            Symbols = symbols,
            Generics = GenericShapes.Of(symbols),
            Duplicates = DuplicateBodies.Find(Target.Code),
            Listings = Target.Listings().All,
            Diff = Baseline is { } baseline
                ? FootprintComparison.Compare(baseline with { Name = Path.GetFileName(baseline.Name) }, Target.Snapshot())
                : null,
            History = History,
            Audit = Audit,
        };
    }
}
