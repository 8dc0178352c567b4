using System.Runtime.InteropServices;
using Ember.Formats.Fields;

namespace Ember.Formats.Plans;

/// <summary>One file beside the plan. Bytes 96 to 127 are reserved and zero.</summary>
[StructLayout(LayoutKind.Explicit, Size = Size)]
public struct PlanPayload
{
    /// <summary>Bytes of an entry.</summary>
    public const int Size = 128;

    /// <summary>The largest payload, in bytes: the largest file FAT can hold.</summary>
    public const ulong MaximumLength = uint.MaxValue;

    /// <summary>Where the reserved bytes begin.</summary>
    public const int ReservedOffset = 96;

    /// <summary>The file's name in the bank: 1 to 47 bytes of ASCII that may stand in a FAT long
    /// name, the first not a full stop.</summary>
    [FieldOffset(0)]
    public Text48 Name;

    /// <summary>Bytes of the file, at least one.</summary>
    [FieldOffset(48)]
    public ulong Length;

    /// <summary>XXH3-64 of the file, seed 0.</summary>
    [FieldOffset(56)]
    public ulong Xxh3;

    /// <summary>SHA-256 of the file.</summary>
    [FieldOffset(64)]
    public Sha256Digest Sha256;
}
