using System;
using Ember.Formats.Fields;

namespace Ember.Formats.Signatures;

/// <summary>A bank's <see cref="FlashLayout.SignatureFile"/>, read where it lies: a <see cref="SignatureHeader"/> and the signature
/// of the whole of the bank's manifest, and nothing else.</summary>
public readonly ref struct BankSignature
{
    /// <summary>"EMBRSIGN".</summary>
    public const ulong MagicValue = 0x4E47_4953_5242_4D45;

    /// <summary>Bytes of the longest.</summary>
    public const int MaximumSize = SignatureHeader.Size + RsaPublicKey.MaximumLength;

    private readonly SignatureBlock _block;

    private BankSignature(SignatureBlock block) => _block = block;

    /// <summary>The <see cref="RsaPublicKey.KeyId"/> of the key it was made with, as it says.</summary>
    public ReadOnlySpan<byte> KeyId => _block.KeyId;

    /// <summary>The signature, big-endian.</summary>
    public ReadOnlySpan<byte> Signature => _block.Content;

    /// <summary>Reads a signature. Whether it is right, <see cref="Verify(in RsaPublicKey, ReadOnlySpan{byte})"/> says.</summary>
    /// <param name="bytes">The whole file, from anywhere: nothing in it is believed.</param>
    /// <param name="signature">The signature, over <paramref name="bytes"/>, when the status is <see cref="SignatureStatus.Good"/>;
    /// otherwise empty and not to be used.</param>
    public static SignatureStatus TryRead(ReadOnlySpan<byte> bytes, out BankSignature signature)
    {
        signature = default;
        SignatureStatus status = SignatureBlock.TryRead(bytes, MagicValue, out SignatureBlock block);
        if (status != SignatureStatus.Good)
        {
            return status;
        }

        if (block.Header.Kind != (uint)SignatureAlgorithm.RsaPkcs1Sha256)
        {
            return SignatureStatus.KindUnknown;
        }

        if (block.Length != bytes.Length)
        {
            return SignatureStatus.ReservedSet;
        }

        signature = new BankSignature(block);
        return SignatureStatus.Good;
    }

    /// <summary>Whether the bytes of a signature are that of a manifest by a key.</summary>
    /// <param name="bytes">The whole file, from anywhere.</param>
    /// <param name="key">The vendor's key.</param>
    /// <param name="manifest">The whole manifest.</param>
    public static SignatureStatus Verify(ReadOnlySpan<byte> bytes, in RsaPublicKey key, ReadOnlySpan<byte> manifest)
    {
        SignatureStatus status = TryRead(bytes, out BankSignature signature);
        if (status != SignatureStatus.Good)
        {
            return status;
        }

        Sha256Digest digest = default;
        Sha256.Hash(manifest, digest);
        return signature.Verify(in key, digest);
    }

    /// <summary>Whether this is the signature of a manifest by a key.</summary>
    /// <param name="key">The vendor's key.</param>
    /// <param name="manifestDigest">SHA-256 of the whole manifest.</param>
    public SignatureStatus Verify(in RsaPublicKey key, ReadOnlySpan<byte> manifestDigest)
    {
        if (!FieldText.AreEqual(KeyId, key.KeyId))
        {
            return SignatureStatus.KeyDiffers;
        }

        return RsaVerifier.Verify(in key, manifestDigest, Signature) ? SignatureStatus.Good : SignatureStatus.SignatureWrong;
    }
}
