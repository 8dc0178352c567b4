using System;
using System.Collections.Generic;
using System.Security.Cryptography;
using Ember.Formats.Signatures;
using Ember.Formats.Tests.Signatures;
using Ember.Fuzz.Tests.Engine;
using Ember.Fuzz.Tests.Models;

namespace Ember.Fuzz.Tests.Targets;

/// <summary><see cref="RsaPublicKey"/>, also with its identity made right: accepted is exactly what the model reads, and a key of any
/// modulus can be used.</summary>
internal sealed class KeyTarget : FuzzTarget
{
    private const int IdentityOffset = 24;

    private readonly byte[] _signature = TestKey.Bits3072.Sign(SHA256.HashData([]));

    /// <inheritdoc/>
    public override string Name => "key";

    /// <inheritdoc/>
    public override int QuickRuns => 1000;

    /// <inheritdoc/>
    public override IReadOnlyList<byte[]> Seeds { get; } =
    [
        TestKey.Bits3072.PublicKey(RsaKeyFlags.Test), [.. TestKey.All[1].PublicKey(), .. new byte[120]], TestKey.All[^1].PublicKey(),
    ];

    /// <inheritdoc/>
    public override IEnumerable<StructurePlace> Places(byte[] input) => [new(typeof(SignatureHeader), 0)];

    /// <inheritdoc/>
    public override void Run(byte[] input, GuardedMemory memory)
    {
        Check(memory.Place(input));
        int end = input.Length < SignatureHeader.Size ? 0 : (int)Math.Min(Text.Number(input, 16), 512) + SignatureHeader.Size;
        if (end > SignatureHeader.Size && end <= input.Length)
        {
            byte[] mended = Mutator.Set(input, IdentityOffset, SHA256.HashData(input.AsSpan(SignatureHeader.Size..end)));
            Check(memory.Place(mended));
        }
    }

    private void Check(ReadOnlySpan<byte> bytes)
    {
        byte[]? model = SignatureModel.ModulusOf(bytes);
        SignatureStatus status = RsaPublicKey.TryRead(bytes, out RsaPublicKey key);
        Require(status == SignatureStatus.Good == model is not null, $"{status}, and the model {(model is null ? "refuses" : "accepts")}");
        if (model is null)
        {
            return;
        }

        Require(key.Modulus.SequenceEqual(model) && key.KeyId.SequenceEqual(SHA256.HashData(model)), "another key");
        bool isOwn = model.AsSpan().SequenceEqual(TestKey.Bits3072.Modulus);
        Require(RsaVerifier.Verify(in key, SHA256.HashData([]), _signature) == isOwn, "a signature of another key is right");
    }
}
