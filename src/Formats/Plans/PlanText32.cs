using System.Runtime.CompilerServices;

namespace Ember.Formats.Plans;

/// <summary>32 bytes of printable ASCII, ended and filled up with zeros.</summary>
[InlineArray(32)]
public struct PlanText32
{
    private byte _first;
}
