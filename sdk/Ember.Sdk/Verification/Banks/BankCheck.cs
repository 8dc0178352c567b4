using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Ember.Formats;
using Ember.Formats.Banks;
using Ember.Formats.Signatures;
using Ember.Sdk.Banks;
using Ember.Sdk.Measurements;
using Ember.Sdk.Verification.Contents;
using Ember.Sdk.Verification.Executables;
using Ember.Sdk.Verification.Fat;
using Ember.Sdk.Verification.Rules;

namespace Ember.Sdk.Verification.Banks;

/// <summary>Checks a bank: its manifest, the files that it names, and who signed it.</summary>
internal sealed class BankCheck(VolumeCheck bank, TrustedLoader loader, ImageBytes image, ExecutableCheck executables, Findings findings)
{
    private readonly Dictionary<string, FatFile> _files =
        bank.Files.Where(file => !file.IsFolder).DistinctBy(file => file.Path).ToDictionary(file => file.Path);
    private readonly Place _place = bank.Volume.Place;

    private static string ManifestName { get; } = ImageText.Of(FlashLayout.ManifestFile);

    private static string SignatureName { get; } = ImageText.Of(FlashLayout.SignatureFile);

    private static string CoreName { get; } = ImageText.Of(FlashLayout.CoreFile);

    private static string PlanName { get; } = ImageText.Of(FlashLayout.PlanFile);

    private static string LogoName { get; } = ImageText.Of(FlashLayout.LogoFile);

    private static string AddressName { get; } = ImageText.Of(FlashLayout.UpdateAddressFile);

    /// <summary>Checks the bank.</summary>
    /// <param name="slot">Which it is.</param>
    /// <param name="progress">Told which file is read.</param>
    public BankContents Run(BankSlot slot, Action<string>? progress)
    {
        int before = findings.Count;
        foreach (FatFile folder in bank.Files.Where(file => file.IsFolder))
        {
            findings.Add(BankRules.Flat, _place.Of(folder.Path), "it is one");
        }

        byte[] bytes = Read(ManifestName, BankManifestHeader.MaximumLength, BankRules.ManifestThere) ?? [];
        BankManifestStatus status = BankManifest.TryRead(bytes, out BankManifest manifest);
        bool hasManifest = _files.ContainsKey(ManifestName)
            && findings.Require(status == BankManifestStatus.Good, BankRules.ManifestReads, _place.Of(ManifestName),
                $"{ImageText.Of(BankManifestStatusText.Of(status))}");
        ManifestContents? contents = hasManifest ? Describe(manifest) : null;
        (string? keyId, bool isSigned) = CheckSignature(bytes, contents);
        X509Certificate2? coreSigner = null;
        PlanContents? plan = null;
        if (contents is not null)
        {
            CheckFiles(contents, manifest, progress);
            coreSigner = CheckCore();
            byte[]? planBytes = _files.ContainsKey(PlanName)
                ? Read(PlanName, Formats.Plans.PlanHeader.MaximumLength + 1, BankRules.FileThere) : null;
            plan = planBytes is null ? null : PlanCheck.Run(planBytes, manifest, contents, _place.Of(PlanName), findings);
        }

        IReadOnlyList<PcrPrediction> pcrs = contents is null ? [] : PcrPrediction.Of(bytes);
        string? subject = coreSigner is null ? null : ImageText.Shown(coreSigner.Subject);
        return new BankContents(slot, contents, keyId, isSigned, subject, plan, pcrs, findings.Count == before);
    }

    private static ManifestContents Describe(BankManifest manifest)
    {
        ref readonly BankManifestHeader header = ref manifest.Header;
        List<ManifestFileContents> files = [];
        for (int i = 0; i < manifest.FileCount; i++)
        {
            ref readonly BankFile file = ref manifest.File(i);
            files.Add(new ManifestFileContents(
                ImageText.Of(BankManifest.NameOf(in file)), file.Kind, file.Length, Convert.ToHexStringLower(file.Sha256)));
        }

        return new ManifestContents(
            ImageText.Of(Ember.Formats.Fields.FieldText.BeforeZero(header.Vendor)),
            ImageText.Of(BankManifest.ProductOf(in header)),
            ImageText.Of(BankManifest.ProductVersionOf(in header)),
            header.SecurityVersion,
            header.Flags.HasFlag(BankFlags.TestKey),
            files);
    }

    private byte[]? Read(string name, int most, Rule rule)
    {
        if (_files.TryGetValue(name, out FatFile? file))
        {
            return file.ReadAll(image, most);
        }

        findings.Add(rule, _place.Of(name), "it is not there");
        return null;
    }

    private (string? KeyId, bool IsRight) CheckSignature(byte[] manifest, ManifestContents? contents)
    {
        Place place = _place.Of(SignatureName);
        RsaPublicKey key = default;
        bool hasKey = loader.VendorKey is { } section && RsaPublicKey.TryRead(section, out key) == SignatureStatus.Good;
        findings.Require(
            !hasKey || contents is null || contents.IsTestKey == key.Flags.HasFlag(RsaKeyFlags.Test), BankRules.TestKey,
                _place.Of(ManifestName),
            $"the loader's is {(hasKey && key.Flags.HasFlag(RsaKeyFlags.Test) ? "one" : "none")}, and the manifest says otherwise");
        if (Read(SignatureName, BankSignature.MaximumSize + 1, BankRules.SignatureThere) is not { } bytes)
        {
            return (null, false);
        }

        SignatureStatus status = BankSignature.TryRead(bytes, out BankSignature signature);
        if (!findings.Require(status == SignatureStatus.Good, BankRules.SignatureReads, place,
            $"{ImageText.Of(SignatureStatusText.Of(status))}"))
        {
            return (null, false);
        }

        string keyId = Convert.ToHexStringLower(signature.KeyId);
        bool isRight = hasKey
            && findings.Require(signature.KeyId.SequenceEqual(key.KeyId), BankRules.SignatureKey, place,
                $"it is signed with {keyId}, and the loader has {Convert.ToHexStringLower(key.KeyId)}")
            && findings.Require(Verify(key, manifest, signature), BankRules.SignatureRight, place, $"it is not");
        return (keyId, isRight);
    }

    private static bool Verify(RsaPublicKey key, byte[] manifest, BankSignature signature)
    {
        using RSA rsa = RSA.Create(new RSAParameters { Modulus = key.Modulus.ToArray(), Exponent = [1, 0, 1] });
        return rsa.VerifyData(manifest, signature.Signature.ToArray(), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }

    private void CheckFiles(ManifestContents contents, BankManifest manifest, Action<string>? progress)
    {
        foreach ((int index, ManifestFileContents described) in contents.Files.Index())
        {
            Place place = _place.Of(described.Name);
            string? wanted = described.Kind switch
            {
                BankFileKind.Core => CoreName,
                BankFileKind.Plan => PlanName,
                BankFileKind.Logo => LogoName,
                BankFileKind.UpdateAddress => AddressName,
                _ => described.Name,
            };
            findings.Require(described.Name == wanted, BankRules.Kinds, place, $"a {described.Kind} is named so");
            if (described.Kind == BankFileKind.Document)
            {
                continue;
            }

            if (!_files.TryGetValue(described.Name, out FatFile? file))
            {
                findings.Add(BankRules.FileThere, place, "it is not there");
                continue;
            }

            progress?.Invoke($"{_place.Part}: {described.Name}");
            ref readonly BankFile expected = ref manifest.File(index);
            findings.Require((ulong)file.Length == expected.Length, BankRules.FileLength, place,
                $"it has {file.Length} bytes, and should have {expected.Length}");
            FileDigest digest = FileDigest.Of(file, image);
            findings.Require(digest.Xxh3 == expected.Xxh3, BankRules.FileXxh3, place,
                $"it has {digest.Xxh3:x16}, and should have {expected.Xxh3:x16}");
            findings.Require(digest.Sha256.AsSpan().SequenceEqual(expected.Sha256), BankRules.FileSha256, place,
                $"it has {Convert.ToHexStringLower(digest.Sha256)}, and should have {described.Sha256}");
            findings.Require(
                described.Kind != BankFileKind.Logo || BootLogo.TryRead(file.ReadAll(image, BootLogo.MaximumLength + 1), out _),
                BankRules.LogoReads, place, $"it is none");
            findings.Require(
                described.Kind != BankFileKind.UpdateAddress
                    || UpdateAddress.IsValid(ImageText.Of(file.ReadAll(image, UpdateAddress.LongestLength + 1))),
                BankRules.UpdateAddress, place, $"it is none");
        }

        HashSet<string> known =
            [ManifestName, SignatureName, .. contents.Files.Where(file => file.Kind != BankFileKind.Document).Select(file => file.Name)];
        foreach (string unknown in _files.Keys.Where(name => !known.Contains(name) && !name.Contains('/', StringComparison.Ordinal)))
        {
            findings.Add(BankRules.FileKnown, _place.Of(unknown), "it is none");
        }
    }

    private X509Certificate2? CheckCore()
    {
        if (!_files.TryGetValue(CoreName, out FatFile? core))
        {
            return null;
        }

        executables.Run(core.ReadAll(image, LoaderCheck.LargestExecutable), _place.Of(CoreName), out X509Certificate2? signer);
        findings.Require(
            signer is null || loader.Signer is null || signer.RawDataMemory.Span.SequenceEqual(loader.Signer.RawDataMemory.Span),
            BankRules.SameSigner, _place.Of(CoreName), $"it is signed by {signer?.Subject}, and the loader by {loader.Signer?.Subject}");
        return signer;
    }
}
