using System;
using System.Linq;
using System.Security.Cryptography.X509Certificates;
using Ember.Formats;
using Ember.Formats.Signatures;
using Ember.Sdk.Verification.Contents;
using Ember.Sdk.Verification.Executables;
using Ember.Sdk.Verification.Fat;
using Ember.Sdk.Verification.Rules;

namespace Ember.Sdk.Verification.Banks;

/// <summary>Checks the files of the EFI system partition.</summary>
internal static class LoaderCheck
{
    /// <summary>The largest EFI application that is read.</summary>
    public const int LargestExecutable = 64 << 20;

    /// <summary>Checks the loader.</summary>
    public static TrustedLoader Run(VolumeCheck esp, ImageBytes image, ExecutableCheck executables, Findings findings)
    {
        foreach (FatFile other in esp.Files.Where(file => !file.IsFolder && !IsLoader(file)))
        {
            findings.Add(BankRules.OnlyLoader, esp.Volume.Place.Of(other.Path), "it is another file");
        }

        Place place = esp.Volume.Place.Of(FlashLayout.LoaderPath);
        if (esp.Files.FirstOrDefault(IsLoader) is not { } file)
        {
            findings.Add(BankRules.LoaderThere, place, "it is not there");
            return new TrustedLoader(null, null, null);
        }

        EfiFile? loader = executables.Run(file.ReadAll(image, LargestExecutable), place, out X509Certificate2? signer);
        string? subject = signer is null ? null : ImageText.Shown(signer.Subject);
        if (loader is null)
        {
            return new TrustedLoader(null, signer, new LoaderContents(subject, null, false));
        }

        byte[] section = loader.Section(ImageText.Of(RsaPublicKey.SectionName)).ToArray();
        SignatureStatus status = RsaPublicKey.TryRead(section, out RsaPublicKey key);
        return findings.Require(status == SignatureStatus.Good, BankRules.VendorKey, place,
            $"{ImageText.Of(SignatureStatusText.Of(status))}")
            ? new TrustedLoader(
                section, signer, new LoaderContents(subject, Convert.ToHexStringLower(key.KeyId), key.Flags.HasFlag(RsaKeyFlags.Test)))
            : new TrustedLoader(null, signer, new LoaderContents(subject, null, false));
    }

    private static bool IsLoader(FatFile file) =>
        !file.IsFolder && string.Equals(file.Path, FlashLayout.LoaderPath, StringComparison.OrdinalIgnoreCase);
}
