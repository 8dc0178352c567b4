using System.Collections.Generic;
using System.Linq;

namespace Ember.Sdk.Audit;

/// <summary>What an audit of a core found.</summary>
/// <param name="Rules">Every rule, in order.</param>
public sealed record AuditReport(IReadOnlyList<AuditRuleResult> Rules)
{
    /// <summary>Whether every rule holds.</summary>
    public bool Passed => Rules.All(rule => rule.Violations.Count == 0);
}
