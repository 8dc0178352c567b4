using Ember.Formats.Plans;

namespace Ember.Sdk.Manifests;

/// <summary>A file that a machine's kernel finds in its memory.</summary>
/// <param name="Source">Where it comes from.</param>
/// <param name="Text">What the kernel is told of it: up to <see cref="PlanMachine.MaximumCommandLineLength"/> characters of
/// printable ASCII.</param>
public sealed record ManifestModule(PayloadSource Source, string Text);
