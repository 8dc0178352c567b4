namespace Ember.Sdk.Media.Refusals;

/// <summary>Why a device is not written.</summary>
/// <param name="Rule">The rule's name, the same for ever: <c>mounted</c>.</param>
/// <param name="Reason">What about the device breaks it.</param>
/// <param name="Remedy">How to mend it.</param>
public sealed record Refusal(string Rule, string Reason, string Remedy);
