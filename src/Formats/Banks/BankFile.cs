using System.Runtime.InteropServices;
using Ember.Formats.Fields;

namespace Ember.Formats.Banks;

/// <summary>A file of a bank. Bytes 100 to 127 are reserved and zero.</summary>
[StructLayout(LayoutKind.Explicit, Size = Size)]
public struct BankFile
{
    /// <summary>Bytes of an entry.</summary>
    public const int Size = 128;

    /// <summary>The largest file, in bytes: what one buffer of loader and core holds.</summary>
    public const ulong MaximumLength = int.MaxValue;

    /// <summary>Where the reserved bytes begin.</summary>
    public const int ReservedOffset = 100;

    /// <summary>The file's name in the root of the bank; no two files have the same.</summary>
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

    /// <summary>What it is for.</summary>
    [FieldOffset(96)]
    public BankFileKind Kind;
}
