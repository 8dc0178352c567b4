using System;
using System.Collections.Generic;
using System.Security.Cryptography;
using System.Text;
using Ember.Formats.Banks;
using Ember.Formats.Signatures;
using Ember.Formats.Tests.Signatures;
using Ember.Fuzz.Tests.Engine;
using Ember.Fuzz.Tests.Models;
using Ember.Loader;
using Ember.Loader.Tests;
using Ember.Sdk.Banks;
using Number = Ember.Fuzz.Tests.Models.Text;

namespace Ember.Fuzz.Tests.Targets;

/// <summary>
/// <see cref="KeyUpdate{TMedium}"/> with a bundle, which the vendor may have signed whatever it holds: taken is only what is signed, of
/// this product, newer and not below what the machine has seen, and the bank in use stays as it is.
/// </summary>
internal sealed class UpdateTarget : FuzzTarget
{
    private static readonly Dictionary<string, byte[]> _started = SignedBank.Of("1.0.0", payload: 20);
    private static readonly byte[] _key = TestKey.Bits3072.PublicKey();

    /// <inheritdoc/>
    public override string Name => "update";

    /// <inheritdoc/>
    public override int QuickRuns => 600;

    /// <inheritdoc/>
    public override IReadOnlyList<byte[]> Seeds { get; } =
    [
        Parts.Join([0, 3, 1], BundleTarget.Whole("2.0.0"), StateTarget.SectorOf(BankCondition.Good, BankCondition.Empty, 1), []),
        Parts.Join(
            [0, 3, 0],
            BundleTarget.Delta("2.0.0", SHA256.HashData(_started[BankNames.Manifest])),
            StateTarget.SectorOf(BankCondition.Good, BankCondition.Good, 1),
            SignedBank.Of("0.9.0")[BankNames.Manifest]),
    ];

    /// <inheritdoc/>
    public override IEnumerable<StructurePlace> Places(byte[] input)
    {
        Parts parts = new(input);
        return
        [
            .. BundleTarget.PlacesIn(parts[1], parts.OffsetOf(1)), new(typeof(BankState), parts.OffsetOf(2)),
            .. ManifestTarget.PlacesAt(parts.OffsetOf(3), parts[3].Length),
        ];
    }

    /// <inheritdoc/>
    public override void Run(byte[] input, GuardedMemory memory)
    {
        Parts parts = new(input);
        byte[] options = [.. parts[0], 0, 0, 0];
        byte[] bytes = parts[1];
        byte[] sector = parts[2];
        StateModel.Mend(sector);
        if (!BankState.TryRead(sector, out BankState state))
        {
            return;
        }

        FuzzKey key = new() { Bundle = bytes, Protected = BankSlot.A, Failing = options[0], MinimumSecurityVersion = options[2] };
        key.State[0] = sector;
        key.Banks[0].Add(BankNames.Manifest, _started[BankNames.Manifest]);
        key.Banks[1].Add(BankNames.Manifest, parts[3]);
        byte[] manifest = ManifestOf(bytes);
        if ((options[1] & 2) != 0 && manifest.Length != 0 && Number.Number(bytes, 48) == _started[BankNames.Signature].Length)
        {
            bytes = key.Bundle = Mutator.Set(bytes, 128 + manifest.Length, Signer.Sign(manifest));
        }

        if ((options[1] & 1) != 0)
        {
            InstallTarget.Mend(bytes, key.Volumes[0]);
        }

        BankState before = state;
        bool writeSecond = true;
        RsaPublicKey.TryRead(_key, out RsaPublicKey vendor);
        FuzzMedium medium = new(key);
        bool taken = new KeyUpdate<FuzzMedium>(ref medium, vendor, BankSlot.A, ref state, ref writeSecond).Run(default);
        Judge(key, before, taken, bytes, manifest);
    }

    private static void Judge(FuzzKey key, BankState before, bool taken, byte[] bytes, byte[] manifest)
    {
        Require(key.Allocations == 0, "memory is not given back");
        BankState after = key.Current;
        bool isUntouched = key.Volumes[1].AsSpan().SequenceEqual(FuzzKey.Pattern(5));
        Require(after.A.Equals(before.A), "the bank in use counts as something else");
        if (!taken)
        {
            Require(isUntouched || after.B.Condition == BankCondition.Empty, "a bank counts as something and has been written to");
            Require(after.B.Equals(before.B) || after.B.Condition == BankCondition.Empty, "an update counts that was not taken");
            return;
        }

        byte[] running = _started[BankNames.Manifest];
        Require(after.Preferred == BankSlot.B && after.B.Condition == BankCondition.Trial, "the update is not tried");
        Require(ManifestModel.Read(manifest) is not null, "its manifest is none");
        Require(
            SignatureModel.Verifies(bytes.AsSpan(128 + manifest.Length, (int)Number.Number(bytes, 48)), TestKey.Bits3072.Modulus, manifest),
            "it is not signed");
        Require(manifest.AsSpan(32, 32).SequenceEqual(running.AsSpan(32, 32)), "it is of another product");
        Require(manifest.AsSpan(80, 64).SequenceEqual(running.AsSpan(80, 64)), "it is of another vendor");
        Require(
            Number.Number(manifest, 20) >= Math.Max(key.MinimumSecurityVersion, Number.Number(running, 20)),
            "it has a lower security version");
        string version = Encoding.ASCII.GetString(manifest.AsSpan(64, 16));
        Require(!version.StartsWith("1.0.0\0", StringComparison.Ordinal), "it is no other version");
        Require(before.A.Condition == BankCondition.Good, "the one before it is still on trial");
    }

    private static byte[] ManifestOf(byte[] bytes) =>
        bytes.Length >= 128 && Number.Number(bytes, 12) is > 0 and <= 4096 && BundleModel.RunsOffset(bytes) <= bytes.Length
            ? bytes[128..(128 + (int)Number.Number(bytes, 12))]
            : [];
}
