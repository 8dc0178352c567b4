namespace Ember.Benchmarks.Exits;

/// <summary>A kind of exit, and what it is compared with.</summary>
/// <param name="Name">Its name in what the guest prints.</param>
/// <param name="Title">Its name in the table.</param>
/// <param name="Budget">The instructions it may take, if that is limited.</param>
/// <param name="Kvm">The instructions it takes KVM, if they were measured.</param>
internal sealed record ExitTarget(string Name, string Title, double? Budget, double? Kvm);
