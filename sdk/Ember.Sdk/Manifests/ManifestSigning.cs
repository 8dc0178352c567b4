using Ember.Sdk.Signing;

namespace Ember.Sdk.Manifests;

/// <summary>Which keys sign.</summary>
/// <param name="Bank">The key that the loader trusts, which signs banks.</param>
/// <param name="SecureBoot">The key that firmware trusts, which signs loader and core; null where it is the same.</param>
public sealed record ManifestSigning(KeyLocation Bank, KeyLocation? SecureBoot);
