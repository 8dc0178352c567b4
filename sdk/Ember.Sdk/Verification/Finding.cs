namespace Ember.Sdk.Verification;

/// <summary>A rule that does not hold.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Severity">How serious it is; in a bank that is not started anyway, a warning at most.</param>
/// <param name="Place">Where.</param>
/// <param name="What">What is wrong there. Printable ASCII, whatever the image holds.</param>
public sealed record Finding(Rule Rule, FindingSeverity Severity, Place Place, string What);
