using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Ember.Formats.Fields;

namespace Ember.Formats.Signatures;

/// <summary>A <see cref="SignatureHeader"/> and the modulus or signature it announces, checked for everything both have.</summary>
internal readonly ref struct SignatureBlock
{
    private readonly ReadOnlySpan<byte> _bytes;

    private SignatureBlock(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    public ref readonly SignatureHeader Header => ref HeaderOf(_bytes);

    public ReadOnlySpan<byte> KeyId => _bytes.Slice(SignatureHeader.KeyIdOffset, Sha256.DigestLength);

    public ReadOnlySpan<byte> Content => _bytes.Slice(SignatureHeader.Size);

    /// <summary>Bytes of header and content.</summary>
    public int Length => _bytes.Length;

    public static SignatureStatus TryRead(ReadOnlySpan<byte> bytes, ulong magic, out SignatureBlock block)
    {
        block = default;
        if (bytes.Length < SignatureHeader.Size)
        {
            return SignatureStatus.TooShort;
        }

        ref readonly SignatureHeader header = ref HeaderOf(bytes);
        if (header.Magic != magic)
        {
            return SignatureStatus.MagicDiffers;
        }

        if (header.Version != SignatureHeader.CurrentVersion)
        {
            return SignatureStatus.VersionUnknown;
        }

        if (header.Length is < RsaPublicKey.MinimumLength or > RsaPublicKey.MaximumLength
            || header.Length % RsaPublicKey.LengthGranule != 0)
        {
            return SignatureStatus.LengthInvalid;
        }

        if (header.Reserved != 0)
        {
            return SignatureStatus.ReservedSet;
        }

        int length = SignatureHeader.Size + (int)header.Length;
        if (bytes.Length < length)
        {
            return SignatureStatus.TooShort;
        }

        block = new SignatureBlock(bytes.Slice(0, length));
        return SignatureStatus.Good;
    }

    public bool IsKeyIdOf(ReadOnlySpan<byte> modulus)
    {
        Sha256Digest computed = default;
        Sha256.Hash(modulus, computed);
        return FieldText.AreEqual(computed, KeyId);
    }

    private static ref readonly SignatureHeader HeaderOf(ReadOnlySpan<byte> bytes) =>
        ref Unsafe.As<byte, SignatureHeader>(ref MemoryMarshal.GetReference(bytes));
}
