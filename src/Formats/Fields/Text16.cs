using System.Runtime.CompilerServices;

namespace Ember.Formats.Fields;

/// <summary>16 bytes of printable ASCII, ended and filled up with zeros.</summary>
[InlineArray(16)]
public struct Text16
{
    private byte _first;
}
