using System;
using System.Collections.Generic;
using System.Text;
using Ember.Formats.Banks;
using Ember.Fuzz.Tests.Engine;
using Ember.Fuzz.Tests.Models;
using Ember.Loader.Tests;
using Ember.Sdk.Banks;

namespace Ember.Fuzz.Tests.Targets;

/// <summary><see cref="BankManifest"/>: accepted is exactly what the model reads, and what it finds is what the model has.</summary>
internal sealed class ManifestTarget : FuzzTarget
{
    /// <inheritdoc/>
    public override string Name => "manifest";

    /// <inheritdoc/>
    public override IReadOnlyList<byte[]> Seeds { get; } = [SignedBank.Of("1.0.0")[BankNames.Manifest]];

    /// <summary>The structures of a manifest.</summary>
    /// <param name="start">Where it begins.</param>
    /// <param name="length">Its bytes.</param>
    public static IEnumerable<StructurePlace> PlacesAt(int start, int length)
    {
        yield return new StructurePlace(typeof(BankManifestHeader), start);
        for (int at = BankManifestHeader.Size; at < length; at += BankFile.Size)
        {
            yield return new StructurePlace(typeof(BankFile), start + at);
        }
    }

    /// <inheritdoc/>
    public override IEnumerable<StructurePlace> Places(byte[] input) => PlacesAt(0, input.Length);

    /// <inheritdoc/>
    public override void Run(byte[] input, GuardedMemory memory)
    {
        ManifestModel? model = ManifestModel.Read(input);
        BankManifestStatus status = BankManifest.TryRead(memory.Place(input), out BankManifest manifest);
        Require(
            status == BankManifestStatus.Good == model is not null,
            $"{status}, and the model {(model is null ? "refuses" : "accepts")}");
        if (model is null)
        {
            return;
        }

        Require(manifest.FileCount == model.Files.Count, "another number of files");
        for (int i = 0; i < manifest.FileCount; i++)
        {
            ref readonly BankFile file = ref manifest.File(i);
            ManifestModel.File expected = model.Files[i];
            Require(
                Encoding.ASCII.GetString(BankManifest.NameOf(in file)) == expected.Name && file.Length == expected.Length
                    && (int)file.Kind == expected.Kind && Convert.ToHexString(file.Sha256) == expected.Sha256,
                $"file {i} differs");
            Require(manifest.Find(BankManifest.NameOf(in file)) == i, $"file {i} is not found");
        }

        Require(manifest.File(manifest.Find(BankFileKind.Core)).Kind == BankFileKind.Core, "the core is not found");
        Require(manifest.Find("none"u8) == -1, "a file is found that is none");
        Require(BankManifest.AreSameProduct(in manifest.Header, in manifest.Header), "not the same as itself");
    }
}
