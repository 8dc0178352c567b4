using System;
using System.Collections.Generic;
using System.Linq;
using Ember.Formats.Bundles;
using Ember.Formats.Signatures;
using Ember.Fuzz.Tests.Engine;
using Ember.Fuzz.Tests.Models;
using Ember.Loader.Tests;
using Ember.Sdk.Banks;

namespace Ember.Fuzz.Tests.Targets;

/// <summary><see cref="Bundle"/>: accepted is exactly what the model reads, and the runs are the model's.</summary>
internal sealed class BundleTarget : FuzzTarget
{
    /// <inheritdoc/>
    public override string Name => "bundle";

    /// <inheritdoc/>
    public override IReadOnlyList<byte[]> Seeds { get; } = [Whole("2.0.0"), Delta("2.0.0", [])];

    /// <summary>A bundle of a small volume: a boot sector, and one more run.</summary>
    public static byte[] Whole(string version) =>
        Build(version, [], [new(0, 512, ulong.MaxValue), new(1024, 1024, ulong.MaxValue)]);

    /// <summary>One that takes a run from the other bank.</summary>
    /// <param name="version">Of the product.</param>
    /// <param name="baseDigest">Of the other bank's manifest.</param>
    public static byte[] Delta(string version, byte[] baseDigest) =>
        Build(version, baseDigest.Length == 0 ? [1] : baseDigest, [new(0, 1024, ulong.MaxValue), new(1024, 1024, 512)]);

    /// <summary>The structures of a bundle.</summary>
    /// <param name="bundle">The bundle.</param>
    /// <param name="start">Where it begins in an input.</param>
    public static IEnumerable<StructurePlace> PlacesIn(byte[] bundle, int start)
    {
        yield return new StructurePlace(typeof(BundleHeader), start);
        if (bundle.Length < BundleHeader.Size)
        {
            yield break;
        }

        long runs = BundleModel.RunsOffset(bundle);
        for (uint i = 0; i < Text.Number(bundle, 52) && runs + (i * BundleRun.Size) < bundle.Length; i++)
        {
            yield return new StructurePlace(typeof(BundleRun), start + (int)runs + ((int)i * BundleRun.Size));
        }

        int manifest = (int)Math.Min(Text.Number(bundle, 12), 4096);
        foreach (StructurePlace place in ManifestTarget.PlacesAt(start + BundleHeader.Size, manifest))
        {
            yield return place;
        }

        yield return new StructurePlace(typeof(SignatureHeader), start + BundleHeader.Size + manifest);
    }

    /// <inheritdoc/>
    public override IEnumerable<StructurePlace> Places(byte[] input) => PlacesIn(input, 0);

    /// <inheritdoc/>
    public override void Run(byte[] input, GuardedMemory memory)
    {
        BundleModel? model = BundleModel.Read(input);
        BundleStatus status = Bundle.TryRead(memory.Place(input), (ulong)input.Length, out Bundle bundle);
        Require(status == BundleStatus.Good == model is not null, $"{status}, and the model {(model is null ? "refuses" : "accepts")}");
        if (model is null)
        {
            return;
        }

        Require(bundle.DataOffset == model.Data && bundle.RunCount == model.Runs.Count, "other runs");
        UInt128 length = 0;
        for (int i = 0; i < bundle.RunCount; i++)
        {
            BundleRun run = bundle.Run(i);
            Require(new BundleModel.Run(run.Offset, run.Length, run.Base) == model.Runs[i], $"run {i} differs");
            length += run.Length;
        }

        Require((ulong)length == bundle.ContentLength, "another length");
        ReadOnlySpan<byte> head = input.AsSpan(BundleHeader.Size);
        Require(
            head.StartsWith(bundle.Manifest) && head[bundle.Manifest.Length..].StartsWith(bundle.Signature)
                && bundle.Checked.SequenceEqual(input.AsSpan(48..model.Data)),
            "other bytes");
    }

    private static byte[] Build(string version, byte[] baseDigest, BundleModel.Run[] runs)
    {
        Dictionary<string, byte[]> bank = SignedBank.Of(version, payload: 20);
        int length = runs.Where(run => run.IsInBundle).Sum(run => (int)run.Length);
        byte[] content = [.. Enumerable.Range(0, length).Select(i => (byte)(i * 7 / 4))];
        content.AsSpan(28, 4).Clear();
        byte[] head =
        [
            .. "EMBRBNDL"u8, .. BitConverter.GetBytes(2), .. BitConverter.GetBytes(bank[BankNames.Manifest].Length), .. new byte[32],
            .. BitConverter.GetBytes(bank[BankNames.Signature].Length), .. BitConverter.GetBytes(runs.Length),
            .. BitConverter.GetBytes(4096L), .. new byte[8], .. baseDigest, .. new byte[56 - baseDigest.Length],
            .. bank[BankNames.Manifest], .. bank[BankNames.Signature],
            .. runs.SelectMany(run =>
                (byte[])[.. BitConverter.GetBytes(run.Offset), .. BitConverter.GetBytes(run.Length), .. BitConverter.GetBytes(run.Base)]),
        ];
        BitConverter.TryWriteBytes(head.AsSpan(64), (long)head.Length + content.Length);
        return [.. head, .. content];
    }
}
