using System.Runtime.InteropServices;

namespace Ember.Formats.Bundles;

/// <summary>A run of sectors of a bundle.</summary>
[StructLayout(LayoutKind.Explicit, Size = Size)]
public struct BundleRun
{
    /// <summary>Bytes of an entry.</summary>
    public const int Size = 16;

    /// <summary>Where it lies in the volume, in bytes: whole sectors.</summary>
    [FieldOffset(0)]
    public ulong Offset;

    /// <summary>Its bytes: whole sectors, one at least.</summary>
    [FieldOffset(8)]
    public ulong Length;
}
