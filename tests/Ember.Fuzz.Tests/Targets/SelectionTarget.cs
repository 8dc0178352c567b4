using System;
using System.Collections.Generic;
using System.Linq;
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
/// <see cref="BankSelection{TMedium}"/> over a whole key, of which the vendor may have signed whatever it holds: what is started is signed,
/// is what the manifest says to the byte, counts as good or on trial, and a good bank that verifies is always found.
/// </summary>
internal sealed unsafe class SelectionTarget : FuzzTarget
{
    private const int FirstManifest = 3;
    private const int FirstFile = 7;

    private static readonly string[] _files = ["core.efi", "appliance.plan", "root.img", "logo.bmp"];
    private static readonly byte[] _key = TestKey.Bits3072.PublicKey();

    /// <inheritdoc/>
    public override string Name => "selection";

    /// <inheritdoc/>
    public override int QuickRuns => 500;

    /// <inheritdoc/>
    public override IReadOnlyList<byte[]> Seeds { get; } =
        [Key(BankCondition.Good, BankCondition.Trial), Key(BankCondition.Good, BankCondition.Good)];

    /// <inheritdoc/>
    public override IEnumerable<StructurePlace> Places(byte[] input)
    {
        Parts parts = new(input);
        yield return new StructurePlace(typeof(BankState), parts.OffsetOf(1));
        yield return new StructurePlace(typeof(BankState), parts.OffsetOf(2));
        for (int bank = 0; bank < 2; bank++)
        {
            int manifest = FirstManifest + (2 * bank);
            foreach (StructurePlace place in ManifestTarget.PlacesAt(parts.OffsetOf(manifest), parts[manifest].Length))
            {
                yield return place;
            }

            yield return new StructurePlace(typeof(SignatureHeader), parts.OffsetOf(manifest + 1));
        }
    }

    /// <inheritdoc/>
    public override void Run(byte[] input, GuardedMemory memory)
    {
        Parts parts = new(input);
        byte[] options = [.. parts[0], 0, 0, 0, 0];
        FuzzKey key = new()
        {
            Failing = options[0],
            MinimumSecurityVersion = options[1],
            IsRollBackAsked = (options[2] & 1) != 0,
            CanWriteState = (options[2] & 2) == 0,
            ConfirmedAttempt = (options[2] & 4) != 0 ? FuzzKey.Attempt : 0,
        };
        for (int i = 0; i < 2; i++)
        {
            key.State[i] = parts[1 + i];
            if ((options[3] & 1) != 0)
            {
                StateModel.Mend(key.State[i]);
            }

            Fill(key.Banks[i], parts, i, options[3] >> (1 + (2 * i)));
        }

        bool hasState = BankState.TryReadNewest(key.State[0], key.State[1], out BankState before, out _);
        uint minimum = key.MinimumSecurityVersion;
        HandOver handOver = default;
        RsaPublicKey.TryRead(_key, out RsaPublicKey vendor);
        FuzzMedium medium = new(key);
        BankSlot slot = new BankSelection<FuzzMedium>(ref medium, vendor, &handOver).Run();
        if (slot == BankSlot.None)
        {
            Require(key.Allocations == 0, "memory is not given back");
            Require(
                key.Failing != 0 || !((BankSlot[])[BankSlot.A, BankSlot.B]).Any(
                    bank => before.Record(bank).Condition == BankCondition.Good && Verifies(key.Banks[(int)bank], minimum)),
                "a good bank that verifies is not started");
            return;
        }

        Require(Verifies(key.Banks[(int)slot], minimum), "a bank is started that does not verify");
        BankRecord record = before.Record(slot);
        Require(record.Condition is BankCondition.Good or BankCondition.Trial, "a bank is started that is neither good nor on trial");
        bool isCounted = hasState && record.Condition == BankCondition.Trial
            && key is { CanWriteState: true, ConfirmedAttempt: 0, Failing: 0 };
        Require(
            !isCounted || key.Current.Record(slot).TriesLeft == record.TriesLeft - 1, "a trial is started and not counted");
        CheckHandOver(key, slot, &handOver, ref medium);
    }

    private static void CheckHandOver(FuzzKey key, BankSlot slot, HandOver* handOver, ref FuzzMedium medium)
    {
        Dictionary<string, byte[]> bank = key.Banks[(int)slot];
        Require(handOver->Version == HandOver.CurrentVersion && handOver->Slot == slot, "the core is told of another bank");
        Require(
            new ReadOnlySpan<byte>(handOver->Manifest, (int)handOver->ManifestLength).SequenceEqual(bank[BankNames.Manifest]),
            "the core is given another manifest");
        int index = 0;
        foreach (ManifestModel.File file in ManifestModel.Read(bank[BankNames.Manifest])!.Files)
        {
            byte* address = (byte*)handOver->Files[index++];
            Require(address == null == (file.Kind is 4 or 5 or 6), $"{file.Name} is not where it should be");
            Require(
                address == null || new ReadOnlySpan<byte>(address, (int)file.Length).SequenceEqual(bank[file.Name]),
                $"the core is given another {file.Name}");
            medium.Release(address, file.Length);
        }

        medium.Release(handOver->Manifest, handOver->ManifestLength);
        Require(key.Allocations == 0, "memory is not given back");
    }

    private static bool Verifies(Dictionary<string, byte[]> bank, uint minimum)
    {
        byte[] manifest = bank[BankNames.Manifest];
        return ManifestModel.Read(manifest) is { } model && Number.Number(manifest, 20) >= minimum
            && SignatureModel.Verifies(bank[BankNames.Signature], TestKey.Bits3072.Modulus, manifest)
            && model.Files.Where(file => file.Kind != 4).All(file => bank.TryGetValue(file.Name, out byte[]? content)
                && (ulong)content.Length == file.Length && Convert.ToHexString(SHA256.HashData(content)) == file.Sha256);
    }

    /// <summary>The files of a bank.</summary>
    /// <param name="bank">Where they go.</param>
    /// <param name="parts">The input.</param>
    /// <param name="index">0 for bank A, 1 for bank B.</param>
    /// <param name="mend">Bit 0: with right digests of the files; bit 1: signed.</param>
    private static void Fill(Dictionary<string, byte[]> bank, Parts parts, int index, int mend)
    {
        for (int i = 0; i < _files.Length; i++)
        {
            bank[_files[i]] = parts[FirstFile + (index * _files.Length) + i];
        }

        byte[] manifest = parts[FirstManifest + (2 * index)];
        for (int at = 256; (mend & 1) != 0 && at + 128 <= manifest.Length; at += 128)
        {
            if (bank.TryGetValue(Encoding.ASCII.GetString(manifest.AsSpan(at, 48)).TrimEnd('\0'), out byte[]? content))
            {
                SHA256.HashData(content, manifest.AsSpan(at + 64));
            }
        }

        bank[BankNames.Manifest] = manifest;
        bank[BankNames.Signature] = (mend & 2) != 0 ? Signer.Sign(manifest) : parts[FirstManifest + 1 + (2 * index)];
    }

    private static byte[] Key(BankCondition a, BankCondition b)
    {
        Dictionary<string, byte[]>[] banks =
            [SignedBank.Of("1.0.0", payload: 20), SignedBank.Of("2.0.0", payload: 20, logo: LogoTarget.Logo())];
        return Parts.Join(
        [
            [0, 0, 0, 1], StateTarget.SectorOf(a, b, 1), StateTarget.SectorOf(a, b, 2),
            .. banks.SelectMany(bank => (byte[][])[bank[BankNames.Manifest], bank[BankNames.Signature]]),
            .. banks.SelectMany(bank => _files.Select(file => bank.GetValueOrDefault(file, []))),
        ]);
    }
}
