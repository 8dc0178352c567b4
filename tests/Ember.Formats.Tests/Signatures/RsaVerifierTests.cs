using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using System.Security.Cryptography;
using CsCheck;
using Ember.Formats.Signatures;

namespace Ember.Formats.Tests.Signatures;

public sealed class RsaVerifierTests
{
    private static readonly byte[] _digest = SHA256.HashData("bank.manifest"u8);

    [Fact]
    public void Every_vector_of_NIST_gives_its_result()
    {
        List<SignatureVector> vectors = [.. VectorFile.Read("nist-sigver15-3072-sha256.txt")];

        Assert.Equal(18, vectors.Count);
        Assert.Equal(3, vectors.Count(vector => vector.IsGood));
        Assert.All(vectors, vector => Assert.Equal(
            vector.IsGood,
            RsaVerifier.Verify(vector.Modulus, vector.Exponent, SHA256.HashData(vector.Message), vector.Signature)));
    }

    /// <summary>68 keys of 17 lengths; each with its signature, and with one bit of each of the three inputs changed.</summary>
    [Fact]
    public void Signatures_by_keys_of_every_length_are_judged_as_dotnet_does()
    {
        List<SignatureVector> vectors = [.. VectorFile.Read("random-keys.txt")];
        Assert.Equal(17 * 4, vectors.Count);
        Assert.Equal(17, vectors.Select(vector => vector.Modulus.Length).Distinct().Count());
        foreach ((int index, SignatureVector vector) in vectors.Index())
        {
            byte[] digest = SHA256.HashData(vector.Message);
            Assert.True(Judge(vector.Modulus, digest, vector.Signature));
            Assert.False(Judge(vector.Modulus, Flipped(digest, index * 37), vector.Signature));
            Assert.False(Judge(vector.Modulus, digest, Flipped(vector.Signature, index * 41)));
            Assert.False(Judge(Flipped(vector.Modulus, 8 + (index * 43)), digest, vector.Signature));
        }
    }

    [Fact]
    public void Hundreds_of_fresh_signatures_are_good_and_those_with_a_random_change_are_not()
    {
        Gen.Select(Gen.Int[0, TestKey.All.Count - 1], Gen.Byte.Array[32], Gen.Int[0, 512], Gen.Byte[1, 255]).Sample(
            (keyIndex, digest, position, change) =>
            {
                TestKey key = TestKey.All[keyIndex];
                byte[] signature = key.Sign(digest);
                byte[] changed = [.. signature];
                changed[position % changed.Length] ^= change;
                return Judge(key.Modulus, digest, signature) && !Judge(key.Modulus, digest, changed);
            },
            iter: 300,
            threads: 1);
    }

    /// <summary>Every byte of the encoded message counts: a check of some of it only is how signatures are forged.</summary>
    [Fact]
    public void An_encoded_message_with_any_one_byte_changed_is_refused()
    {
        byte[] message = Encoded(384, DigestInfo.Sha256, _digest);
        Assert.True(Judge(TestKey.Bits3072.Modulus, _digest, TestKey.Bits3072.SignBlock(message)));
        foreach (int position in Enumerable.Range(0, 384).Where(i => i is < 6 or > 325 || i % 32 == 0))
        {
            byte[] changed = [.. message];
            changed[position] ^= 1;
            Assert.False(Judge(TestKey.Bits3072.Modulus, _digest, TestKey.Bits3072.SignBlock(changed)), $"byte {position}");
        }
    }

    [Theory]
    [MemberData(nameof(HostileMessages))]
    public void An_encoded_message_that_a_careless_parser_would_take_is_refused(string what, byte[] message)
    {
        Assert.False(Judge(TestKey.Bits3072.Modulus, _digest, TestKey.Bits3072.SignBlock(message)), what);
    }

    [Fact]
    public void Signatures_at_the_edges_of_the_numbers_are_refused()
    {
        byte[] modulus = TestKey.Bits3072.Modulus;
        BigInteger n = TestKey.Number(modulus);
        byte[] good = TestKey.Bits3072.Sign(_digest);
        BigInteger s = TestKey.Number(good);
        byte[][] edges =
        [
            TestKey.Block(0, 384), TestKey.Block(1, 384), TestKey.Block(2, 384), TestKey.Block(n - 1, 384), TestKey.Block(n, 384),
            TestKey.Block(n + 1, 384), TestKey.Block(n - s, 384), TestKey.Block((BigInteger.One << 3072) - 1, 384),
            TestKey.Block(s + n, 385), TestKey.Block(s, 385), [.. good, 0], good[1..], good[..^1], [.. good, .. good], [],
        ];

        Assert.All(edges, edge => Assert.False(Judge(modulus, _digest, edge), Convert.ToHexString(edge)));
    }

    [Fact]
    public void A_signature_and_the_modulus_added_is_refused_where_it_fits()
    {
        // The same number modulo n: whoever does not compare with n takes both, and a file has two right signatures.
        byte[] modulus = TestKey.Bits3072.Modulus;
        BigInteger n = TestKey.Number(modulus);
        int checkedCount = 0;
        for (byte i = 0; i < 32; i++)
        {
            byte[] digest = SHA256.HashData([i]);
            BigInteger sum = TestKey.Number(TestKey.Bits3072.Sign(digest)) + n;
            if (sum >> 3072 == 0)
            {
                checkedCount++;
                Assert.False(Judge(modulus, digest, TestKey.Block(sum, 384)));
            }
        }

        Assert.NotEqual(0, checkedCount);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    [InlineData(31)]
    [InlineData(33)]
    [InlineData(64)]
    public void A_digest_of_another_length_is_refused(int length)
    {
        byte[] digest = new byte[length];
        _digest.AsSpan(0, Math.Min(32, length)).CopyTo(digest);

        Assert.False(RsaVerifier.Verify(TestKey.Bits3072.Modulus, 65537, digest, TestKey.Bits3072.Sign(_digest)));
    }

    public static TheoryData<string, byte[]> HostileMessages()
    {
        byte[] info = DigestInfo.Sha256;
        byte[] withoutNull = [0x30, 0x2F, 0x30, 0x0B, .. info.AsSpan(4, 11), 0x04, 0x20];
        byte[] withRubbish = [0x30, 0x35, 0x30, 0x11, .. info.AsSpan(4, 11), 4, 4, 1, 2, 3, 4, 4, 0x20];
        byte[] longLengths = [0x30, 0x81, 0x31, .. info.AsSpan(2)];
        byte[] withoutPadding = new byte[384];
        info.CopyTo(withoutPadding, 3);
        _digest.CopyTo(withoutPadding, 3 + info.Length);
        withoutPadding[1] = 1;
        return new()
        {
            { "padding short, rubbish behind the digest (Bleichenbacher 2006)", Garbage(8, [.. info, .. _digest]) },
            { "no padding, rubbish behind the digest", Garbage(0, [.. info, .. _digest]) },
            { "no padding, zeros behind the digest", withoutPadding },
            { "rubbish in place of the parameters", Encoded(384, withRubbish, _digest) },
            { "no parameters", Encoded(384, withoutNull, _digest) },
            { "lengths that are not DER", Encoded(384, longLengths, _digest) },
            { "no algorithm", Encoded(384, [], _digest) },
            { "SHA-1 in name, the digest cut off", Encoded(384, DigestInfo.Sha1, _digest[..20]) },
            { "SHA-512/256 in name", Encoded(384, Replaced(info, 14, 6), _digest) },
            { "SHA-384", Encoded(384, DigestInfo.Sha384, SHA384.HashData("bank.manifest"u8)) },
            { "another digest", Encoded(384, info, SHA256.HashData("other"u8)) },
            { "block type 0", Replaced(Encoded(384, info, _digest), 1, 0) },
            { "block type 2", Replaced(Encoded(384, info, _digest), 1, 2) },
            { "first byte not zero", Replaced(Encoded(384, info, _digest), 0, 1) },
            { "padding of zeros", [0, 1, .. new byte[384 - 2 - 51], .. info, .. _digest] },
            { "nothing but zeros before the digest", [.. new byte[352], .. _digest] },
            { "one byte of padding a zero", Replaced(Encoded(384, info, _digest), 100, 0) },
            { "no zero behind the padding", Replaced(Encoded(384, info, _digest), 384 - 52, 0xFF) },
            { "digest moved one byte to the left", [.. Encoded(383, info, _digest), 0] },
            { "digest moved one byte to the right", [0, .. Encoded(383, info, _digest)] },
        };
    }

    /// <summary>Ours, and that it is .NET's as well.</summary>
    private static bool Judge(byte[] modulus, byte[] digest, byte[] signature)
    {
        bool ours = RsaVerifier.Verify(modulus, RsaVerifier.PublicExponent, digest, signature);
        Assert.Equal(DotNetTakes(modulus, digest, signature), ours);
        return ours;
    }

    private static bool DotNetTakes(byte[] modulus, byte[] digest, byte[] signature)
    {
        try
        {
            using RSA rsa = RSA.Create(new RSAParameters { Modulus = modulus, Exponent = [1, 0, 1] });
            return rsa.VerifyHash(digest, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        }
        catch (CryptographicException)
        {
            // It does not even take the key.
            return false;
        }
    }

    private static byte[] Encoded(int length, byte[] info, byte[] digest)
    {
        byte[] message = new byte[length];
        Array.Fill(message, (byte)0xFF);
        message[0] = 0;
        message[1] = 1;
        int start = length - info.Length - digest.Length;
        message[start - 1] = 0;
        info.CopyTo(message, start);
        digest.CopyTo(message, start + info.Length);
        return message;
    }

    private static byte[] Garbage(int padding, byte[] digestInfo)
    {
        byte[] message = [0, 1, .. Enumerable.Repeat((byte)0xFF, padding), 0, .. digestInfo];
        return [.. message, .. Enumerable.Range(0, 384 - message.Length).Select(i => (byte)(i * 29))];
    }

    private static byte[] Replaced(byte[] bytes, int position, byte value)
    {
        byte[] changed = [.. bytes];
        changed[position] = value;
        return changed;
    }

    private static byte[] Flipped(byte[] bytes, int bit)
    {
        byte[] changed = [.. bytes];
        bit %= 8 * (changed.Length - 2);
        changed[1 + (bit / 8)] ^= (byte)(1 << (bit % 8));
        return changed;
    }

    private static class DigestInfo
    {
        public static byte[] Sha256 { get; } = Convert.FromHexString("3031300d060960864801650304020105000420");

        public static byte[] Sha1 { get; } = Convert.FromHexString("3021300906052b0e03021a05000414");

        public static byte[] Sha384 { get; } = Convert.FromHexString("3041300d060960864801650304020205000430");
    }
}
