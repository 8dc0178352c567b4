using System.Runtime.CompilerServices;

namespace Ember.Formats.Fields;

/// <summary>48 bytes of printable ASCII, ended and filled up with zeros.</summary>
[InlineArray(48)]
public struct Text48
{
    private byte _first;
}
