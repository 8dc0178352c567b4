using System.Runtime.CompilerServices;

namespace Ember.Formats.Plans;

/// <summary>16 bytes of printable ASCII, ended and filled up with zeros.</summary>
[InlineArray(16)]
public struct PlanText16
{
    private byte _first;
}
