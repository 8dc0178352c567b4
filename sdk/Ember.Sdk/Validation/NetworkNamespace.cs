namespace Ember.Sdk.Validation;

/// <summary>A network of Linux's that a machine's card is plugged into, apart from the host's.</summary>
/// <param name="Process">A process in that namespace, and in the user namespace that it belongs to.</param>
/// <param name="Tap">The name of the tap device in it.</param>
public sealed record NetworkNamespace(int Process, string Tap);
