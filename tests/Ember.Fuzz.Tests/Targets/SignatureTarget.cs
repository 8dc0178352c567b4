using System;
using System.Collections.Generic;
using Ember.Formats.Signatures;
using Ember.Formats.Tests.Signatures;
using Ember.Fuzz.Tests.Engine;
using Ember.Fuzz.Tests.Models;
using Ember.Loader.Tests;
using Ember.Sdk.Banks;

namespace Ember.Fuzz.Tests.Targets;

/// <summary><see cref="BankSignature"/> over a manifest: right is exactly what .NET finds right.</summary>
internal sealed class SignatureTarget : FuzzTarget
{
    private readonly byte[] _key = TestKey.Bits3072.PublicKey();

    /// <inheritdoc/>
    public override string Name => "signature";

    /// <inheritdoc/>
    public override int QuickRuns => 1000;

    /// <inheritdoc/>
    public override IReadOnlyList<byte[]> Seeds { get; } =
    [
        Parts.Join(SignedBank.Of("1.0.0")[BankNames.Signature], SignedBank.Of("1.0.0")[BankNames.Manifest]),
        Parts.Join(TestKey.All[^1].BankSignatureOf([]), []),
    ];

    /// <inheritdoc/>
    public override IEnumerable<StructurePlace> Places(byte[] input) => [new(typeof(SignatureHeader), new Parts(input).OffsetOf(0))];

    /// <inheritdoc/>
    public override void Run(byte[] input, GuardedMemory memory)
    {
        Parts parts = new(input);
        Require(RsaPublicKey.TryRead(_key, out RsaPublicKey key) == SignatureStatus.Good, "the key is refused");
        byte[]? model = SignatureModel.SignatureOf(parts[0]);
        SignatureStatus status = BankSignature.TryRead(memory.Place(parts[0]), out BankSignature signature);
        Require(status == SignatureStatus.Good == model is not null, $"{status}, and the model {(model is null ? "refuses" : "accepts")}");
        Require(model is null || signature.Signature.SequenceEqual(model), "another signature");
        status = BankSignature.Verify(memory.Place(parts[0]), in key, parts[1]);
        Require(
            status == SignatureStatus.Good == SignatureModel.Verifies(parts[0], TestKey.Bits3072.Modulus, parts[1]),
            $"{status}, and .NET says otherwise");
    }
}
