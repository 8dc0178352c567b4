using System.Linq;
using Ember.Sdk.Audit;

namespace Ember.Sdk.Tests.Audit;

/// <summary>What an audit must have found.</summary>
internal static class AuditAssert
{
    /// <summary>Exactly one rule is broken, and exactly at these places.</summary>
    public static void Broken(this SmallImage image, int rule, params uint[] places)
    {
        AuditReport report = image.Audit();
        string all = Text(report);
        Assert.Equal(Enumerable.Range(1, report.Rules.Count), report.Rules.Select(result => result.Number));
        foreach (AuditRuleResult result in report.Rules)
        {
            string expected = result.Number == rule ? Text(places) : "";
            string found = Text(result.Violations.Select(violation => violation.Rva));
            Assert.True(expected == found, $"rule {result.Number}, not [{expected}]: {all}");
        }

        Assert.False(report.Passed);
    }

    /// <summary>The same, at the place that the image's code marks.</summary>
    public static void BrokenAtMark(this SmallImage image, int rule)
    {
        image.Build();
        image.Broken(rule, image.Marked);
    }

    /// <summary>One rule only is broken, and this is said of it.</summary>
    public static void OnlyBrokenBy(this SmallImage image, int rule, string what)
    {
        AuditReport report = image.Audit();
        Assert.Equal([rule], report.Rules.Where(result => result.Violations.Count != 0).Select(result => result.Number));
        Assert.Contains(what, AuditAssert.Text(report), System.StringComparison.Ordinal);
    }

    /// <summary>This is among what is said, also where what is broken hides something from another rule.</summary>
    public static void Says(this SmallImage image, string what) =>
        Assert.Contains(what, Text(image.Audit()), System.StringComparison.Ordinal);

    /// <summary>Every violation, a line each.</summary>
    public static string Text(AuditReport report) => string.Join(
        '\n',
        report.Rules.SelectMany(rule => rule.Violations.Select(found => $"{rule.Number}: {found.Rva:x} {found.Function}: {found.What}")));

    private static string Text(System.Collections.Generic.IEnumerable<uint> places) =>
        string.Join(' ', places.Distinct().Order().Select(place => $"{place:x}"));
}
