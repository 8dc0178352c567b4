using System;
using System.Security.Cryptography;
using System.Text;
using CsCheck;
using Ember.Formats.Signatures;

namespace Ember.Formats.Tests.Signatures;

public sealed class SignatureStructureTests
{
    private static readonly byte[] _manifest = "a manifest"u8.ToArray();
    private static readonly byte[] _digest = SHA256.HashData(_manifest);

    [Fact]
    public void A_key_reads_as_it_was_written()
    {
        foreach (TestKey key in TestKey.All)
        {
            Assert.Equal(SignatureStatus.Good, RsaPublicKey.TryRead([.. key.PublicKey(RsaKeyFlags.Test), 0, 0], out RsaPublicKey read));
            Assert.Equal(key.Modulus, read.Modulus.ToArray());
            Assert.Equal(SHA256.HashData(key.Modulus), read.KeyId.ToArray());
            Assert.Equal(RsaKeyFlags.Test, read.Flags);
        }
    }

    [Fact]
    public void A_bank_signature_holds_for_its_key_and_manifest_only()
    {
        byte[] bytes = TestKey.Bits3072.BankSignatureOf(_manifest);

        Assert.Equal(SignatureStatus.Good, Judge(TestKey.Bits3072.PublicKey(), bytes, _digest));
        Assert.Equal(SignatureStatus.SignatureWrong, Judge(TestKey.Bits3072.PublicKey(), bytes, SHA256.HashData("another"u8)));
        Assert.Equal(SignatureStatus.KeyDiffers, Judge(TestKey.All[1].PublicKey(), bytes, _digest));
    }

    [Fact]
    public void A_signature_under_another_keys_name_is_wrong()
    {
        byte[] bytes = TestKey.All[1].BankSignatureOf(_manifest);
        SHA256.HashData(TestKey.Bits3072.Modulus, bytes.AsSpan(SignatureHeader.KeyIdOffset, 32));

        Assert.Equal(SignatureStatus.SignatureWrong, Judge(TestKey.Bits3072.PublicKey(), bytes, _digest));
    }

    [Fact]
    public void A_structure_cut_off_anywhere_is_refused()
    {
        byte[] key = TestKey.Bits3072.PublicKey();
        byte[] signature = TestKey.Bits3072.BankSignatureOf(_manifest);
        for (int length = 0; length < key.Length; length++)
        {
            Assert.Equal(SignatureStatus.TooShort, RsaPublicKey.TryRead(key.AsSpan(0, length), out _));
            Assert.Equal(SignatureStatus.TooShort, BankSignature.TryRead(signature.AsSpan(0, length), out _));
        }
    }

    [Theory]
    [InlineData(0, 0x58, SignatureStatus.MagicDiffers)]
    [InlineData(8, 2, SignatureStatus.VersionUnknown)]
    [InlineData(12, 2, SignatureStatus.KindUnknown)]
    [InlineData(15, 0x80, SignatureStatus.KindUnknown)]
    [InlineData(16, 0x78, SignatureStatus.LengthInvalid)]
    [InlineData(16, 0x84, SignatureStatus.LengthInvalid)]
    [InlineData(17, 3, SignatureStatus.LengthInvalid)]
    [InlineData(18, 1, SignatureStatus.LengthInvalid)]
    [InlineData(19, 0x80, SignatureStatus.LengthInvalid)]
    [InlineData(20, 1, SignatureStatus.ReservedSet)]
    [InlineData(24, 0, SignatureStatus.KeyIdWrong)]
    [InlineData(56, 0, SignatureStatus.ModulusInvalid)]
    [InlineData(440, 1, SignatureStatus.ReservedSet)]
    [InlineData(447, 1, SignatureStatus.ReservedSet)]
    public void A_key_with_one_wrong_field_is_refused(int position, byte value, SignatureStatus expected)
    {
        byte[] bytes = [.. TestKey.Bits3072.PublicKey(), .. new byte[8]];
        Assert.NotEqual(value, bytes[position]);
        bytes[position] = value;

        Assert.Equal(expected, RsaPublicKey.TryRead(bytes, out _));
    }

    [Fact]
    public void An_even_modulus_is_refused()
    {
        byte[] modulus = [.. TestKey.Bits3072.Modulus];
        modulus[^1] &= 0xFE;
        byte[] bytes = TestKey.Structure(RsaPublicKey.MagicValue, 0, modulus, modulus);

        Assert.Equal(SignatureStatus.ModulusInvalid, RsaPublicKey.TryRead(bytes, out _));
    }

    [Theory]
    [InlineData(376)]
    [InlineData(388)]
    [InlineData(520)]
    public void A_modulus_that_is_too_short_too_long_or_odd_in_length_is_refused(int length)
    {
        byte[] modulus = new byte[length];
        Array.Fill(modulus, (byte)0xFF);
        byte[] bytes = TestKey.Structure(RsaPublicKey.MagicValue, 0, modulus, modulus);

        Assert.Equal(SignatureStatus.LengthInvalid, RsaPublicKey.TryRead(bytes, out _));
    }

    [Theory]
    [InlineData(0, 0x58, SignatureStatus.MagicDiffers)]
    [InlineData(8, 0, SignatureStatus.VersionUnknown)]
    [InlineData(12, 0, SignatureStatus.KindUnknown)]
    [InlineData(12, 2, SignatureStatus.KindUnknown)]
    [InlineData(16, 0x78, SignatureStatus.LengthInvalid)]
    [InlineData(17, 3, SignatureStatus.LengthInvalid)]
    [InlineData(23, 1, SignatureStatus.ReservedSet)]
    public void A_signature_with_one_wrong_field_is_refused(int position, byte value, SignatureStatus expected)
    {
        byte[] bytes = TestKey.Bits3072.BankSignatureOf(_manifest);
        Assert.NotEqual(value, bytes[position]);
        bytes[position] = value;

        Assert.Equal(expected, BankSignature.TryRead(bytes, out _));
    }

    [Fact]
    public void A_signature_with_something_behind_it_is_refused()
    {
        Assert.Equal(
            SignatureStatus.ReservedSet, BankSignature.TryRead([.. TestKey.Bits3072.BankSignatureOf(_manifest), 0], out _));
    }

    [Fact]
    public void A_signature_longer_than_the_key_is_wrong()
    {
        byte[] content = [.. TestKey.Bits3072.Sign(_digest), .. new byte[8]];
        byte[] bytes = TestKey.Structure(BankSignature.MagicValue, 1, TestKey.Bits3072.Modulus, content);

        Assert.Equal(SignatureStatus.SignatureWrong, Judge(TestKey.Bits3072.PublicKey(), bytes, _digest));
    }

    /// <summary>Nothing but the two structures as they were made is taken, whatever is done to them.</summary>
    [Fact]
    public void Changed_structures_are_refused_and_never_read_past_their_end()
    {
        byte[] key = TestKey.Bits3072.PublicKey();
        byte[] signature = TestKey.Bits3072.BankSignatureOf(_manifest);
        Gen.Select(Gen.Bool, Gen.Int[0, 439], Gen.Byte[1, 255], Gen.Int[0, 500]).Sample(
            (ofKey, position, change, length) =>
            {
                byte[] changed = [.. ofKey ? key : signature];
                changed[position] ^= change;
                Array.Resize(ref changed, length);

                // A key may be another key's, if all of it is, and have the flag of a test key.
                return ofKey
                    ? position is >= 12 and < 16 || RsaPublicKey.TryRead(changed, out _) != SignatureStatus.Good
                    : Judge(key, changed, _digest) != SignatureStatus.Good;
            },
            iter: 20_000);
    }

    [Fact]
    public void Every_status_has_words_of_its_own()
    {
        SignatureStatus[] all = Enum.GetValues<SignatureStatus>();

        Assert.Distinct(Array.ConvertAll(all, status => Encoding.ASCII.GetString(SignatureStatusText.Of(status))));
        Assert.Equal("unknown status", Encoding.ASCII.GetString(SignatureStatusText.Of((SignatureStatus)999)));
    }

    private static SignatureStatus Judge(byte[] key, byte[] signature, byte[] digest)
    {
        Assert.Equal(SignatureStatus.Good, RsaPublicKey.TryRead(key, out RsaPublicKey readKey));
        SignatureStatus status = BankSignature.TryRead(signature, out BankSignature read);
        return status == SignatureStatus.Good ? read.Verify(in readKey, digest) : status;
    }
}
