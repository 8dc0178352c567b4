using System;
using System.Collections.Generic;
using System.Linq;

namespace Ember.Sdk.Verification;

/// <summary>What has been found so far. Of each rule only the first are kept, the others counted: an image of nothing but faults must
/// not fill memory.</summary>
internal sealed class Findings
{
    private const int MostOfRule = 20;

    private readonly List<Finding> _findings = [];
    private readonly Dictionary<Rule, int> _counts = [];

    /// <summary>Whether what is found counts as a warning only.</summary>
    public bool AreWarnings { get; set; }

    /// <summary>How often something was found, with everything that is only counted.</summary>
    public int Count => _counts.Values.Sum();

    /// <summary>Notes that a rule does not hold.</summary>
    public void Add(Rule rule, Place place, string what)
    {
        int count = _counts.GetValueOrDefault(rule) + 1;
        _counts[rule] = count;
        if (count <= MostOfRule)
        {
            FindingSeverity severity = AreWarnings ? FindingSeverity.Warning : rule.Severity;
            Place shown = place with { Part = ImageText.Shown(place.Part), Path = place.Path is null ? null : ImageText.Shown(place.Path) };
            _findings.Add(new Finding(rule, severity, shown, ImageText.Shown(what)));
        }
    }

    /// <summary>Notes that a rule does not hold unless it does.</summary>
    /// <returns>Whether it holds.</returns>
    public bool Require(bool holds, Rule rule, Place place, FormattableString what)
    {
        if (!holds)
        {
            Add(rule, place, FormattableString.Invariant(what));
        }

        return holds;
    }

    /// <summary>Everything, errors before warnings, otherwise in the order in which it was found.</summary>
    public IReadOnlyList<Finding> ToList() =>
    [
        .. _findings
            .Concat(_counts.Where(pair => pair.Value > MostOfRule).Select(More))
            .OrderByDescending(finding => finding.Severity),
    ];

    private Finding More(KeyValuePair<Rule, int> pair) =>
        new(pair.Key, pair.Key.Severity, new Place("image"), FormattableString.Invariant($"{pair.Value - MostOfRule} more like these"));
}
