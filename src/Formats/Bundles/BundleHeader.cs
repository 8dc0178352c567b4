using System.Runtime.InteropServices;

namespace Ember.Formats.Bundles;

/// <summary>
/// The first 64 bytes of an update bundle. Little-endian; the bank's manifest, its signature, the table of runs and the runs' bytes follow
/// in this order without gaps. The bytes from 40 on are reserved and zero.
/// <para>
/// A bundle holds the volume of a bank as it is to lie in the idle bank's partition: runs of whole sectors, in ascending order; what lies
/// between them stays as it is. The first run begins with the boot sector, whose count of hidden sectors is zero here: whoever writes it
/// fills in where the partition begins.
/// </para>
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = Size)]
public struct BundleHeader
{
    /// <summary>Bytes of the header.</summary>
    public const int Size = 64;

    /// <summary>"EMBRBNDL".</summary>
    public const ulong MagicValue = 0x4C44_4E42_5242_4D45;

    /// <summary>The only version there is.</summary>
    public const uint CurrentVersion = 1;

    /// <summary>Bytes of a sector.</summary>
    public const int SectorSize = 512;

    /// <summary>The most runs.</summary>
    public const int MaximumRunCount = 1024;

    /// <summary>Where the hidden sectors stand in a boot sector (BPB_HiddSec of Microsoft's FAT specification).</summary>
    public const int HiddenSectorsOffset = 28;

    /// <summary>Where the reserved bytes begin.</summary>
    public const int ReservedOffset = 40;

    /// <summary><see cref="MagicValue"/>.</summary>
    [FieldOffset(0)]
    public ulong Magic;

    /// <summary><see cref="CurrentVersion"/>.</summary>
    [FieldOffset(8)]
    public uint Version;

    /// <summary>Bytes of the manifest.</summary>
    [FieldOffset(12)]
    public uint ManifestLength;

    /// <summary>Bytes of the signature.</summary>
    [FieldOffset(16)]
    public uint SignatureLength;

    /// <summary>Entries of the table of runs, 1 at least.</summary>
    [FieldOffset(20)]
    public uint RunCount;

    /// <summary>Bytes of the volume: the least a partition must have.</summary>
    [FieldOffset(24)]
    public ulong VolumeLength;

    /// <summary>Bytes of the whole bundle.</summary>
    [FieldOffset(32)]
    public ulong TotalLength;
}
