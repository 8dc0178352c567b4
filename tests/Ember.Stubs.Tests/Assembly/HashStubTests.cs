using System;
using System.Linq;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using System.Text;
using CsCheck;

namespace Ember.Stubs.Tests.Assembly;

public sealed class HashStubTests
{
    /// <summary>NIST's examples for FIPS 180-4, and the empty message.</summary>
    private static readonly (string Message, string Digest)[] _published =
    [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"),
        (
            "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
            "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"),
        (new string('a', 1_000_000), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
    ];

    [ShaFact]
    public void Published_examples_give_their_digests()
    {
        using StubSha256 stub = new();
        Assert.All(
            _published,
            example => Assert.Equal(example.Digest, Convert.ToHexStringLower(stub.Hash(Encoding.ASCII.GetBytes(example.Message), 1))));
    }

    [ShaFact]
    public void Any_bytes_in_two_calls_agree_with_dotnet()
    {
        using StubSha256 stub = new();
        Gen.Select(Gen.Byte.Array[0, 4096], Gen.Int[0, 70]).Sample(
            (message, split) => stub.Hash(message, split).AsSpan().SequenceEqual(SHA256.HashData(message)), threads: 1);
    }

    [ShaFact]
    public void No_blocks_leave_the_state()
    {
        using StubSha256 stub = new();
        uint[] state = [.. StubSha256.InitialState];
        stub.Compress(state, []);
        Assert.Equal(StubSha256.InitialState, state);
    }

    [ShaFact]
    public void The_registers_that_belong_to_the_caller_are_what_they_were()
    {
        using StubSha256 stub = new();
        Vector128<byte>[] before = [.. Enumerable.Range(1, ExecutableStub.KeptVectors).Select(i => Vector128.Create((byte)i))];
        before.CopyTo(stub.Kept, 0);
        stub.Compress([.. StubSha256.InitialState], new byte[3 * StubSha256.BlockLength]);
        Assert.Equal(before, stub.Kept);
    }
}
