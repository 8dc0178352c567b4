using System.Runtime.CompilerServices;

namespace Ember.Formats.Fields;

/// <summary>A SHA-256 digest.</summary>
[InlineArray(Sha256.DigestLength)]
public struct Sha256Digest
{
    private byte _first;
}
