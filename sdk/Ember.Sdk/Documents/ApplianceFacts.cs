using Ember.Sdk.Compilation;
using Ember.Sdk.Manifests;
using Ember.Sdk.Payloads;

namespace Ember.Sdk.Documents;

/// <summary>What is known of an appliance when its programs have been signed.</summary>
/// <param name="Manifest">What the vendor asked for.</param>
/// <param name="Appliance">Plan and payloads, and what these are made of.</param>
/// <param name="Tools">What built it.</param>
/// <param name="SourceHash">The hash of Ember's sources: see <see cref="SourceTree"/>.</param>
/// <param name="SourceDateEpoch">Seconds since 1970: the time that the documents carry.</param>
/// <param name="ExtraCommandLine">Words that were added to every guest's kernel command line; null for none.</param>
public sealed record ApplianceFacts(
    Manifest Manifest,
    CompiledAppliance Appliance,
    ToolVersions Tools,
    string SourceHash,
    long SourceDateEpoch,
    string? ExtraCommandLine);
