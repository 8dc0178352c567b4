using System.Runtime.InteropServices;

namespace Ember.Formats.Banks;

/// <summary>
/// What the section <c>.bank</c> of a loader that is booted over a network begins with. Little-endian; the manifest and its signature
/// follow without gaps, then the files of the manifest that are in the bank, in its order, each from a multiple of
/// <see cref="FileAlignment"/> on from the section's start.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = Size)]
public struct ArchiveHeader
{
    /// <summary>Bytes of the header.</summary>
    public const int Size = 16;

    /// <summary>"EMBRARCH".</summary>
    public const ulong MagicValue = 0x4843_5241_5242_4D45;

    /// <summary>What a file's offset is a multiple of.</summary>
    public const int FileAlignment = 4096;

    /// <summary><see cref="MagicValue"/>.</summary>
    [FieldOffset(0)]
    public ulong Magic;

    /// <summary>Bytes of the manifest.</summary>
    [FieldOffset(8)]
    public uint ManifestLength;

    /// <summary>Bytes of the signature.</summary>
    [FieldOffset(12)]
    public uint SignatureLength;
}
