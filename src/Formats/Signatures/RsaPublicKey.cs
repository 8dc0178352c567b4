using System;
using Ember.Formats.Fields;

namespace Ember.Formats.Signatures;

/// <summary>A vendor's public key, read where it lies: in the loader's section <see cref="SectionName"/>. A
/// <see cref="SignatureHeader"/> and the modulus, then zeros to the end of what it lies in. The exponent is always
/// <see cref="RsaVerifier.PublicExponent"/>.</summary>
public readonly ref struct RsaPublicKey
{
    /// <summary>"EMBRRSAK".</summary>
    public const ulong MagicValue = 0x4B41_5352_5242_4D45;

    /// <summary>The shortest modulus, in bytes: 3072 bits.</summary>
    public const int MinimumLength = 384;

    /// <summary>The longest modulus, in bytes: 4096 bits.</summary>
    public const int MaximumLength = ModularPower.MaximumLength;

    /// <summary>A modulus is a multiple of this many bytes long.</summary>
    public const int LengthGranule = 8;

    /// <summary>Bytes of the longest key with its header.</summary>
    public const int MaximumSize = SignatureHeader.Size + MaximumLength;

    private readonly SignatureBlock _block;

    private RsaPublicKey(SignatureBlock block) => _block = block;

    /// <summary>The name of the loader's section that holds it.</summary>
    public static ReadOnlySpan<byte> SectionName => ".vendor"u8;

    /// <summary>What the key is.</summary>
    public RsaKeyFlags Flags => (RsaKeyFlags)_block.Header.Kind;

    /// <summary>The modulus, big-endian, without a zero in front.</summary>
    public ReadOnlySpan<byte> Modulus => _block.Content;

    /// <summary>SHA-256 of the modulus: 32 bytes.</summary>
    public ReadOnlySpan<byte> KeyId => _block.KeyId;

    /// <summary>Reads a key.</summary>
    /// <param name="bytes">The section, from anywhere: nothing in it is believed.</param>
    /// <param name="key">The key, over <paramref name="bytes"/>, when the status is <see cref="SignatureStatus.Good"/>; otherwise
    /// empty and not to be used.</param>
    public static SignatureStatus TryRead(ReadOnlySpan<byte> bytes, out RsaPublicKey key)
    {
        key = default;
        SignatureStatus status = SignatureBlock.TryRead(bytes, MagicValue, out SignatureBlock block);
        if (status != SignatureStatus.Good)
        {
            return status;
        }

        RsaPublicKey candidate = new(block);
        status = candidate.Check(bytes);
        if (status == SignatureStatus.Good)
        {
            key = candidate;
        }

        return status;
    }

    private SignatureStatus Check(ReadOnlySpan<byte> bytes)
    {
        if ((Flags & ~RsaKeyFlags.Test) != 0)
        {
            return SignatureStatus.KindUnknown;
        }

        if (!FieldText.IsZero(bytes.Slice(_block.Length)))
        {
            return SignatureStatus.ReservedSet;
        }

        if ((Modulus[0] & 0x80) == 0 || (Modulus[Modulus.Length - 1] & 1) == 0)
        {
            return SignatureStatus.ModulusInvalid;
        }

        return _block.IsKeyIdOf(Modulus) ? SignatureStatus.Good : SignatureStatus.KeyIdWrong;
    }
}
