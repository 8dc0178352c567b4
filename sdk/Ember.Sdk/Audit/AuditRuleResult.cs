using System.Collections.Generic;

namespace Ember.Sdk.Audit;

/// <summary>What an audit found about one rule.</summary>
/// <param name="Number">The rule's number, from 1, as <c>sdk/docs/assurance.md</c> counts.</param>
/// <param name="Title">What the rule says, a few words.</param>
/// <param name="Summary">What was looked at and found, one line with figures.</param>
/// <param name="Evidence">What the rule rests on, function by function.</param>
/// <param name="Violations">Where it does not hold; none when it is proven.</param>
public sealed record AuditRuleResult(
    int Number,
    string Title,
    string Summary,
    IReadOnlyList<AuditEvidence> Evidence,
    IReadOnlyList<AuditViolation> Violations);
