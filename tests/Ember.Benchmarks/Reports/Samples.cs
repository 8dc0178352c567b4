using System.Collections.Generic;
using System.Linq;

namespace Ember.Benchmarks.Reports;

/// <summary>Several measurements of the same thing.</summary>
/// <param name="values">At least one.</param>
internal sealed class Samples(IEnumerable<double> values)
{
    private readonly double[] _sorted = [.. values.Order()];

    /// <summary>The least.</summary>
    public double Minimum => _sorted[0];

    /// <summary>The one in the middle, or the mean of the two there.</summary>
    public double Median => (_sorted[(_sorted.Length - 1) / 2] + _sorted[_sorted.Length / 2]) / 2;

    /// <summary>The greatest.</summary>
    public double Maximum => _sorted[^1];
}
