using System.Runtime.CompilerServices;

namespace Ember.Formats.Fields;

/// <summary>64 bytes of printable ASCII, ended and filled up with zeros.</summary>
[InlineArray(64)]
public struct Text64
{
    private byte _first;
}
