using System.Runtime.InteropServices;

namespace Ember.Formats.Bundles;

/// <summary>A run of sectors of a bundle.</summary>
[StructLayout(LayoutKind.Explicit, Size = Size)]
public struct BundleRun
{
    /// <summary>Bytes of an entry.</summary>
    public const int Size = 24;

    /// <summary>The <see cref="Base"/> of a run whose bytes lie in the bundle.</summary>
    public const ulong InBundle = ulong.MaxValue;

    /// <summary>Where it lies in the volume, in bytes: whole sectors.</summary>
    [FieldOffset(0)]
    public ulong Offset;

    /// <summary>Its bytes: whole sectors, one at least.</summary>
    [FieldOffset(8)]
    public ulong Length;

    /// <summary>Where its bytes lie in the volume of the base, in bytes: whole sectors; <see cref="InBundle"/> when the bundle has them.
    /// </summary>
    [FieldOffset(16)]
    public ulong Base;
}
