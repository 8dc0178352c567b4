using System;
using System.Security.Cryptography;
using System.Text;
using CsCheck;

namespace Ember.Formats.Tests;

public sealed class Sha256Tests
{
    /// <summary>FIPS 180-4 example messages and the empty one, from NIST's example values.</summary>
    [Theory]
    [InlineData("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData(
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")]
    [InlineData(
        "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
        "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1")]
    public void Published_examples_give_their_digests(string message, string digest)
    {
        Assert.Equal(digest, Convert.ToHexStringLower(Hash(Encoding.ASCII.GetBytes(message))));
    }

    [Fact]
    public void A_million_letters_give_the_published_digest()
    {
        byte[] message = new byte[1_000_000];
        Array.Fill(message, (byte)'a');

        Assert.Equal(
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0",
            Convert.ToHexStringLower(Hash(message)));
    }

    [Fact]
    public void Every_length_around_the_padding_agrees_with_dotnet()
    {
        byte[] message = new byte[300];
        for (int i = 0; i < message.Length; i++)
        {
            message[i] = (byte)((i * 37) + 11);
        }

        for (int length = 0; length <= message.Length; length++)
        {
            byte[] part = message[..length];
            Assert.Equal(SHA256.HashData(part), Hash(part));
        }
    }

    [Fact]
    public void Any_bytes_in_any_pieces_agree_with_dotnet()
    {
        Gen.Select(Gen.Byte.Array[0, 4096], Gen.Int[0, 200].Array[0, 40]).Sample((bytes, pieces) =>
        {
            Sha256 hash = default;
            hash.Initialize();
            int position = 0;
            foreach (int piece in pieces)
            {
                int length = Math.Min(piece, bytes.Length - position);
                hash.Append(bytes.AsSpan(position, length));
                position += length;
            }

            hash.Append(bytes.AsSpan(position));
            byte[] digest = new byte[Sha256.DigestLength];
            hash.Finish(digest);
            return digest.AsSpan().SequenceEqual(SHA256.HashData(bytes));
        });
    }

    [Fact]
    public void A_second_stream_starts_afresh_and_a_copy_goes_its_own_way()
    {
        Sha256 hash = default;
        hash.Initialize();
        hash.Append("left over"u8);
        hash.Initialize();
        hash.Append("ab"u8);
        Sha256 copy = hash;
        hash.Append("c"u8);
        copy.Append("d"u8);
        byte[] digest = new byte[Sha256.DigestLength];
        byte[] copied = new byte[Sha256.DigestLength];
        hash.Finish(digest);
        copy.Finish(copied);

        Assert.Equal(SHA256.HashData("abc"u8), digest);
        Assert.Equal(SHA256.HashData("abd"u8), copied);
    }

    private static byte[] Hash(byte[] bytes)
    {
        byte[] digest = new byte[Sha256.DigestLength];
        Sha256.Hash(bytes, digest);
        return digest;
    }
}
