namespace Ember.Sdk.Audit;

/// <summary>A fact that a rule rests on.</summary>
/// <param name="Function">The function it is about, for people; or a section, or the whole image.</param>
/// <param name="Detail">The fact.</param>
public sealed record AuditEvidence(string Function, string Detail);
