using System.Runtime.CompilerServices;

namespace Ember.Formats.Plans;

/// <summary>A SHA-256 digest.</summary>
[InlineArray(Sha256.DigestLength)]
public struct PlanDigest
{
    private byte _first;
}
