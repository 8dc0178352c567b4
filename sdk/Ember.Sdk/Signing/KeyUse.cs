using System.Collections.Generic;

namespace Ember.Sdk.Signing;

/// <summary>Whether a key may be used for something.</summary>
/// <param name="Purpose">What for.</param>
/// <param name="Problems">Why it may not, one sentence each; empty when it may.</param>
public sealed record KeyUse(SigningPurpose Purpose, IReadOnlyList<string> Problems);
