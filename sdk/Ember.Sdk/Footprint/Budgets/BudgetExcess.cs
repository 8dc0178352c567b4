using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Ember.Sdk.Manifests;

namespace Ember.Sdk.Footprint.Budgets;

/// <summary>A budget that a core exceeds.</summary>
/// <param name="Limit">The budget.</param>
/// <param name="Subject">What is too large, and how: <c>core is</c>, <c>core grew by</c>.</param>
/// <param name="Actual">The bytes that there are.</param>
/// <param name="Cause">What the rows are: <c>the largest</c>.</param>
/// <param name="Rows">What takes most of it, up to ten, with their bytes.</param>
public sealed record BudgetExcess(
    BudgetLimit Limit, string Subject, long Actual, string Cause, IReadOnlyList<(string Name, long Bytes)> Rows)
{
    /// <summary>All of it on one line, the manifest's line first.</summary>
    public string Message => string.Create(
        CultureInfo.InvariantCulture,
        $"{Limit.Position}: budget: {Subject} {Actual:N0} bytes, {Actual - Limit.Bytes:N0} over {Limit.Bytes:N0}; {Cause}: ")
        + string.Join(", ", Rows.Select(row => string.Create(CultureInfo.InvariantCulture, $"{row.Name} {row.Bytes:N0}")));

    /// <summary>The failure to tell (exit code 1).</summary>
    public EmberException ToException() => new(ErrorKind.Checked, Message);
}
