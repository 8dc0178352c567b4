using System;

namespace Ember.Formats.Banks;

/// <summary>What the loader says about a manifest it refuses.</summary>
public static class BankManifestStatusText
{
    /// <summary>The status in words that complete "bank.manifest: ", ASCII.</summary>
    public static ReadOnlySpan<byte> Of(BankManifestStatus status) => status switch
    {
        BankManifestStatus.Good => "good"u8,
        BankManifestStatus.TooShort => "shorter than its header"u8,
        BankManifestStatus.MagicDiffers => "not a manifest"u8,
        BankManifestStatus.VersionUnknown => "of a version this loader does not know"u8,
        BankManifestStatus.LengthDiffers => "length differs from the file's"u8,
        BankManifestStatus.FileCountInvalid => "too few or too many files"u8,
        BankManifestStatus.HeaderReserved => "reserved byte of the header set"u8,
        BankManifestStatus.ProductInvalid => "vendor, product or version invalid"u8,
        BankManifestStatus.FileNameInvalid => "file name invalid"u8,
        BankManifestStatus.FileNameTaken => "file name used twice"u8,
        BankManifestStatus.FileLengthInvalid => "file length invalid"u8,
        BankManifestStatus.FileKindUnknown => "unknown kind of file"u8,
        BankManifestStatus.FileReserved => "reserved byte of a file set"u8,
        BankManifestStatus.CoreCountInvalid => "not exactly one core"u8,
        BankManifestStatus.PlanCountInvalid => "not exactly one plan"u8,
        _ => "unknown status"u8,
    };
}
