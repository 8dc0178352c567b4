using System.Runtime.CompilerServices;

namespace Ember.Formats.Plans;

/// <summary>48 bytes of printable ASCII, ended and filled up with zeros.</summary>
[InlineArray(48)]
public struct PlanText48
{
    private byte _first;
}
