using System.Collections.Generic;

namespace Ember.Sdk.Payloads;

/// <summary>What a payload is made of.</summary>
/// <param name="Packages">The Debian packages with code in it.</param>
/// <param name="Files">The vendor's files in it, full paths.</param>
public sealed record PayloadInputs(IReadOnlyList<DebianPackage> Packages, IReadOnlyList<string> Files);
