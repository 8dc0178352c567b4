using System.Runtime.InteropServices;
using Ember.Formats.Fields;

namespace Ember.Formats.Banks;

/// <summary>The first 256 bytes of <c>bank.manifest</c>. Little-endian; the file table follows and ends the manifest. Bytes 28 to 31 and
/// 144 to 255 are reserved and zero.</summary>
[StructLayout(LayoutKind.Explicit, Size = Size)]
public struct BankManifestHeader
{
    /// <summary>Bytes of the header.</summary>
    public const int Size = 256;

    /// <summary>"EMBRBANK".</summary>
    public const ulong MagicValue = 0x4B4E_4142_5242_4D45;

    /// <summary>The only version there is.</summary>
    public const uint CurrentVersion = 1;

    /// <summary>The most files of a bank: the core, the plan, its payloads, and what only has its digest here.</summary>
    public const int MaximumFileCount = 80;

    /// <summary>The largest manifest, in bytes.</summary>
    public const int MaximumLength = Size + (MaximumFileCount * BankFile.Size);

    /// <summary>Every flag that has a meaning.</summary>
    public const BankFlags KnownFlags = BankFlags.TestKey;

    /// <summary>Where the reserved bytes at the end begin.</summary>
    public const int ReservedOffset = 144;

    /// <summary><see cref="MagicValue"/>.</summary>
    [FieldOffset(0)]
    public ulong Magic;

    /// <summary><see cref="CurrentVersion"/>.</summary>
    [FieldOffset(8)]
    public uint Version;

    /// <summary>Bytes of the whole manifest.</summary>
    [FieldOffset(12)]
    public uint TotalLength;

    /// <summary>Entries of the file table, 2 at least.</summary>
    [FieldOffset(16)]
    public uint FileCount;

    /// <summary>A loader that has started a bank of a higher one refuses this bank.</summary>
    [FieldOffset(20)]
    public uint SecurityVersion;

    /// <summary>What else there is to say of the bank.</summary>
    [FieldOffset(24)]
    public BankFlags Flags;

    [FieldOffset(28)]
    private readonly uint _reserved;

    /// <summary>The vendor's product: a bank of another one is refused as an update.</summary>
    [FieldOffset(32)]
    public Text32 Product;

    /// <summary>The product's version.</summary>
    [FieldOffset(64)]
    public Text16 ProductVersion;

    /// <summary>Who makes it.</summary>
    [FieldOffset(80)]
    public Text64 Vendor;

    internal readonly bool IsReservedZero => _reserved == 0;
}
