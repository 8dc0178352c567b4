using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Ember.Formats.Banks;
using Ember.Formats.Signatures;
using Ember.Sdk.Documents;
using Ember.Sdk.Images;
using Ember.Sdk.Measurements;
using Ember.Sdk.Payloads;
using Ember.Sdk.Pe;
using Ember.Sdk.Signing;

namespace Ember.Sdk.Banks;

/// <summary>What a key boots from: the signed loader, and the files of a signed bank.</summary>
/// <param name="Loader">The loader, with the vendor's key in it.</param>
/// <param name="Bank">Every file of the bank, its manifest and signature last.</param>
/// <param name="UnsignedLoader">The loader as it was before it was signed.</param>
/// <param name="Documents">What is signed with the bank without lying in it.</param>
/// <param name="Pcrs">What a TPM's registers hold once the bank was started, from a key or over a network.</param>
public sealed record KeyFiles(
    byte[] Loader,
    IReadOnlyList<ImageFile> Bank,
    PeImage UnsignedLoader,
    IReadOnlyList<KeyDocument> Documents,
    IReadOnlyList<PcrPrediction> Pcrs)
{
    /// <summary>Signs loader, core and bank.</summary>
    /// <param name="loader">The loader as it was linked.</param>
    /// <param name="core">The core as it was linked.</param>
    /// <param name="description">What the bank's manifest says; whether it is a test key's follows from the key.</param>
    /// <param name="appliance">The plan and its payloads.</param>
    /// <param name="key">The vendor's key, which the loader is to trust.</param>
    /// <param name="secureBootKey">The key that the firmware trusts; it may be the same.</param>
    /// <param name="describe">Writes the documents about the bank, given its signed programs.</param>
    /// <returns>The files; null while signatures are missing (<see cref="ISigningKey.Missing"/>). Loader and core are asked for together,
    /// the manifest, which holds the signed core's digest, once they are there.</returns>
    /// <exception cref="EmberException">Loader or core cannot be signed, or there is no such bank (exit code 2); the key does not sign (3).
    /// </exception>
    public static KeyFiles? Sign(
        PeImage loader,
        PeImage core,
        BankDescription description,
        CompiledAppliance appliance,
        ISigningKey key,
        ISigningKey secureBootKey,
        Func<KeyPrograms, IReadOnlyList<KeyDocument>> describe)
    {
        ArgumentNullException.ThrowIfNull(loader);
        ArgumentNullException.ThrowIfNull(appliance);
        ArgumentNullException.ThrowIfNull(describe);
        byte[] trusting = PeSections.Fill(loader, Encoding.ASCII.GetString(RsaPublicKey.SectionName), VendorKey.Write(key.Certificate));
        PeImage trustingLoader = PeImage.Parse(loader.Path, trusting);
        byte[] signedLoader = Authenticode.Sign(trustingLoader, secureBootKey);
        byte[] signedCore = Authenticode.Sign(core, secureBootKey);
        if (secureBootKey.Missing.Count != 0)
        {
            return null;
        }

        IReadOnlyList<KeyDocument> documents = describe(new KeyPrograms(signedLoader, signedCore));
        BankItem[] items =
        [
            new BankItem(BankNames.Core, BankFileKind.Core, ContentDigest.Of(signedCore)),
            new BankItem(BankNames.Plan, BankFileKind.Plan, ContentDigest.Of(appliance.Plan.Span)),
            .. appliance.UpdateAddress.IsEmpty
                ? Array.Empty<BankItem>()
                : [new BankItem(BankNames.UpdateAddress, BankFileKind.UpdateAddress, ContentDigest.Of(appliance.UpdateAddress.Span))],
            .. appliance.Files.Select(file =>
                new BankItem(file.Name, file == appliance.Logo ? BankFileKind.Logo : BankFileKind.Payload, file.Digest)),
            .. documents.Select(document => new BankItem(document.Name, BankFileKind.Document, ContentDigest.Of(document.Content.Span))),
        ];
        byte[] manifest = BankManifestWriter.Write(description with { IsTestKey = key.Certificate.IsTestKey }, items);
        ImageFile[] bank =
        [
            ImageFile.FromBytes(BankNames.Core, signedCore),
            ImageFile.FromBytes(BankNames.Plan, appliance.Plan),
            .. appliance.UpdateAddress.IsEmpty
                ? Array.Empty<ImageFile>()
                : [ImageFile.FromBytes(BankNames.UpdateAddress, appliance.UpdateAddress)],
            .. appliance.Files.Select(file => ImageFile.FromFile(file.Name, file.Path)),
            ImageFile.FromBytes(BankNames.Manifest, manifest),
            ImageFile.FromBytes(BankNames.Signature, VendorKey.SignBank(key, BankNames.Manifest, manifest)),
        ];
        return key.Missing.Count == 0
            ? new KeyFiles(signedLoader, bank, trustingLoader, documents, PcrPrediction.Of(manifest))
            : null;
    }
}
