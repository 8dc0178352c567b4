using System.Runtime.CompilerServices;

namespace Ember.Formats.Fields;

/// <summary>32 bytes of printable ASCII, ended and filled up with zeros.</summary>
[InlineArray(32)]
public struct Text32
{
    private byte _first;
}
