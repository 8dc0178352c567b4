using System;
using System.Collections.Generic;
using System.Linq;

namespace Ember.Sdk.Footprint.Generics;

/// <summary>Gathers what generics were compiled to.</summary>
public static class GenericShapes
{
    /// <summary>Generics with two shapes or more, the largest in the file first.</summary>
    /// <param name="symbols">Every symbol, with its unwind description and jump tables.</param>
    public static IReadOnlyList<GenericGroup> Of(IEnumerable<SymbolReport> symbols) =>
    [
        .. symbols
            .Where(report => report.Symbol.IsCode && report.Symbol.Source.GenericDefinition is not null)
            .GroupBy(report => report.Symbol.Source.GenericDefinition!, StringComparer.Ordinal)
            .Where(group => group.Count() > 1)
            .Select(group => new GenericGroup(
                group.Key,
                group.Aggregate(default(Sizes), (sum, report) => sum + report.Sizes),
                [
                    .. group
                        .OrderByDescending(report => report.Sizes.File)
                        .ThenBy(report => report.Symbol.Rva)
                        .Select(report => report.Symbol),
                ]))
            .OrderByDescending(group => group.Sizes.File)
            .ThenBy(group => group.Definition, StringComparer.Ordinal),
    ];
}
