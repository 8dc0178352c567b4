using System.Runtime.InteropServices;
using Ember.Formats.Fields;

namespace Ember.Formats.Bundles;

/// <summary>
/// The first 128 bytes of an update bundle. Little-endian; the bank's manifest, its signature, the table of runs and the runs' bytes follow
/// in this order without gaps. The bytes from 104 on are reserved and zero.
/// <para>
/// A bundle holds the volume of a bank as it is to lie in the idle bank's partition: runs of whole sectors, in ascending order; what lies
/// between them stays as it is. The first run begins with the boot sector, whose count of hidden sectors is zero here: whoever writes it
/// fills in where the partition begins.
/// </para>
/// <para>
/// A delta names the manifest of a base and leaves out runs that lie in the base's volume too: those are copied from the bank that holds it.
/// </para>
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = Size)]
public struct BundleHeader
{
    /// <summary>Bytes of the header.</summary>
    public const int Size = 128;

    /// <summary>"EMBRBNDL".</summary>
    public const ulong MagicValue = 0x4C44_4E42_5242_4D45;

    /// <summary>The only version that is read.</summary>
    public const uint CurrentVersion = 2;

    /// <summary>Bytes of a sector.</summary>
    public const int SectorSize = 512;

    /// <summary>The most runs.</summary>
    public const int MaximumRunCount = 1024;

    /// <summary>Where the hidden sectors stand in a boot sector (BPB_HiddSec of Microsoft's FAT specification).</summary>
    public const int HiddenSectorsOffset = 28;

    /// <summary>Where the bytes begin that <see cref="Content"/> is computed of.</summary>
    public const int CheckedOffset = 48;

    /// <summary>Where the reserved bytes begin.</summary>
    public const int ReservedOffset = 104;

    /// <summary><see cref="MagicValue"/>.</summary>
    [FieldOffset(0)]
    public ulong Magic;

    /// <summary><see cref="CurrentVersion"/>.</summary>
    [FieldOffset(8)]
    public uint Version;

    /// <summary>Bytes of the manifest.</summary>
    [FieldOffset(12)]
    public uint ManifestLength;

    /// <summary>SHA-256 of the head from <see cref="CheckedOffset"/> on, and of the bytes of all runs as they lie in the volume. Not signed: it
    /// tells damage before anything is written. What is signed is the manifest, by which a bank is verified at each start.</summary>
    [FieldOffset(16)]
    public Sha256Digest Content;

    /// <summary>Bytes of the signature.</summary>
    [FieldOffset(CheckedOffset)]
    public uint SignatureLength;

    /// <summary>Entries of the table of runs, 1 at least.</summary>
    [FieldOffset(52)]
    public uint RunCount;

    /// <summary>Bytes of the volume: the least a partition must have.</summary>
    [FieldOffset(56)]
    public ulong VolumeLength;

    /// <summary>Bytes of the whole bundle.</summary>
    [FieldOffset(64)]
    public ulong TotalLength;

    /// <summary>SHA-256 of the manifest of the base; zero in a bundle that needs none.</summary>
    [FieldOffset(72)]
    public Sha256Digest Base;
}
