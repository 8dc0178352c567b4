using System.Runtime.InteropServices;

namespace Ember.Formats.Signatures;

/// <summary>The first 56 bytes of a vendor's key and of a bank's signature, which have the same shape. Little-endian; the key's
/// modulus, or the signature, follows, big-endian as RSA has it everywhere.</summary>
[StructLayout(LayoutKind.Explicit, Size = Size)]
public struct SignatureHeader
{
    /// <summary>Bytes of the header.</summary>
    public const int Size = 56;

    /// <summary>The only version there is.</summary>
    public const uint CurrentVersion = 1;

    /// <summary>Where the key's identity begins: SHA-256 of the modulus' bytes.</summary>
    public const int KeyIdOffset = 24;

    /// <summary><see cref="RsaPublicKey.MagicValue"/> or <see cref="BankSignature.MagicValue"/>.</summary>
    [FieldOffset(0)]
    public ulong Magic;

    /// <summary><see cref="CurrentVersion"/>.</summary>
    [FieldOffset(8)]
    public uint Version;

    /// <summary>Of a key, its <see cref="RsaKeyFlags"/>; of a signature, its <see cref="SignatureAlgorithm"/>.</summary>
    [FieldOffset(12)]
    public uint Kind;

    /// <summary>Bytes of the modulus or the signature: <see cref="RsaPublicKey.MinimumLength"/> to
    /// <see cref="RsaPublicKey.MaximumLength"/>, a multiple of <see cref="RsaPublicKey.LengthGranule"/>.</summary>
    [FieldOffset(16)]
    public uint Length;

    /// <summary>Zero.</summary>
    [FieldOffset(20)]
    public uint Reserved;
}
