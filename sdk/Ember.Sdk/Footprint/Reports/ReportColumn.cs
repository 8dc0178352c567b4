using System;
using System.Collections.Generic;

namespace Ember.Sdk.Footprint.Reports;

/// <summary>A column of figures.</summary>
/// <param name="Name">Its heading.</param>
/// <param name="Of">Picks the figure.</param>
internal sealed record ReportColumn(string Name, Func<Sizes, long> Of)
{
    /// <summary>The columns that reports have, in order.</summary>
    public static IReadOnlyList<ReportColumn> All { get; } =
    [
        new("flash", sizes => sizes.Flash),
        new("file", sizes => sizes.File),
        new("loaded", sizes => sizes.Loaded),
        new("run time", sizes => sizes.RunTime),
    ];
}
