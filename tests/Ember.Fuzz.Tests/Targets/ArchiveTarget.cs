using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Ember.Formats.Banks;
using Ember.Fuzz.Tests.Engine;
using Ember.Fuzz.Tests.Models;
using Ember.Loader.Tests;
using Ember.Sdk.Banks;
using Number = Ember.Fuzz.Tests.Models.Text;

namespace Ember.Fuzz.Tests.Targets;

/// <summary><see cref="BankArchive"/>: every file that is found is the bytes that the model finds.</summary>
internal sealed class ArchiveTarget : FuzzTarget
{
    private const int Alignment = 4096;

    /// <inheritdoc/>
    public override string Name => "archive";

    /// <inheritdoc/>
    public override IReadOnlyList<byte[]> Seeds { get; } = [Archive()];

    /// <inheritdoc/>
    public override IEnumerable<StructurePlace> Places(byte[] input) =>
    [
        new(typeof(ArchiveHeader), 0),
        .. ManifestTarget.PlacesAt(
            ArchiveHeader.Size, input.Length < ArchiveHeader.Size ? 0 : (int)Math.Min(Number.Number(input, 8), 4096)),
    ];

    /// <inheritdoc/>
    public override void Run(byte[] input, GuardedMemory memory)
    {
        Dictionary<string, Range>? model = Model(input);
        bool read = BankArchive.TryRead(memory.Place(input), out BankArchive archive);
        Require(read == model is not null, read ? "it is none" : "it is refused");
        if (model is null)
        {
            return;
        }

        IEnumerable<string> names = ["core.efi", "appliance.plan", "root.img", "sbom.spdx.json", "none", "", .. model.Keys];
        foreach (string name in names)
        {
            bool found = archive.TryFind(Encoding.ASCII.GetBytes(name), out ReadOnlySpan<byte> content);
            Require(found == model.ContainsKey(name), $"'{name}' is {(found ? "" : "not ")}found");
            Require(!found || content.SequenceEqual(input.AsSpan(model[name])), $"'{name}' is other bytes");
        }
    }

    /// <summary>Where the files lie, by their names; null where there is no archive.</summary>
    private static Dictionary<string, Range>? Model(byte[] bytes)
    {
        if (bytes.Length < ArchiveHeader.Size || !bytes.AsSpan().StartsWith("EMBRARCH"u8) || Number.Number(bytes, 8) > 256 + (80 * 128)
            || Number.Number(bytes, 12) > 56 + 512)
        {
            return null;
        }

        int signature = ArchiveHeader.Size + (int)Number.Number(bytes, 8);
        int end = signature + (int)Number.Number(bytes, 12);
        if (end > bytes.Length)
        {
            return null;
        }

        Dictionary<string, Range> files = new() { ["bank.manifest"] = ArchiveHeader.Size..signature, ["bank.signature"] = signature..end };
        decimal start = end;
        foreach (ManifestModel.File file in (ManifestModel.Read(bytes.AsSpan(ArchiveHeader.Size..signature))?.Files ?? [])
            .Where(file => file.Kind != 4))
        {
            start = Math.Ceiling(start / Alignment) * Alignment;
            if (start + file.Length <= bytes.Length)
            {
                files.Add(file.Name, (int)start..((int)start + (int)file.Length));
            }

            start += file.Length;
        }

        return files;
    }

    private static byte[] Archive()
    {
        Dictionary<string, byte[]> bank = SignedBank.Of("1.0.0", payload: 20);
        byte[] manifest = bank[BankNames.Manifest];
        byte[] signature = bank[BankNames.Signature];
        List<byte> bytes =
        [
            .. "EMBRARCH"u8, .. BitConverter.GetBytes(manifest.Length), .. BitConverter.GetBytes(signature.Length),
            .. manifest, .. signature,
        ];
        foreach (string name in (string[])["core.efi", "appliance.plan", "root.img"])
        {
            bytes.AddRange(new byte[(Alignment - (bytes.Count % Alignment)) % Alignment]);
            bytes.AddRange(bank[name]);
        }

        return [.. bytes];
    }
}
