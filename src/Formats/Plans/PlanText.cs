using System.Runtime.CompilerServices;

namespace Ember.Formats.Plans;

/// <summary>16 bytes of printable ASCII, ended and filled up with zeros.</summary>
[InlineArray(16)]
public struct PlanText16
{
    private byte _first;
}

/// <summary>32 bytes of printable ASCII, ended and filled up with zeros.</summary>
[InlineArray(32)]
public struct PlanText32
{
    private byte _first;
}

/// <summary>48 bytes of printable ASCII, ended and filled up with zeros.</summary>
[InlineArray(48)]
public struct PlanText48
{
    private byte _first;
}

/// <summary>A SHA-256 digest.</summary>
[InlineArray(Sha256.DigestLength)]
public struct PlanDigest
{
    private byte _first;
}
