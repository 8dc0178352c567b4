namespace Ember.Sdk.Audit;

/// <summary>A place where a rule does not hold.</summary>
/// <param name="Rva">The place, from the image's base.</param>
/// <param name="Function">The function it lies in, for people.</param>
/// <param name="What">What is wrong there.</param>
public sealed record AuditViolation(uint Rva, string Function, string What);
