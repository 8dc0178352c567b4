using System.Collections.Generic;

namespace Ember.Sdk.Footprint;

/// <summary>Two builds held against each other.</summary>
/// <param name="BaselineName">What the earlier one is called.</param>
/// <param name="Before">What it took.</param>
/// <param name="After">What the later one takes.</param>
/// <param name="Rows">What differs, the largest change in file bytes first, grown or shrunk.</param>
public sealed record FootprintDiff(string BaselineName, Sizes Before, Sizes After, IReadOnlyList<DiffRow> Rows);
