namespace Ember.Formats.Banks;

/// <summary>Why a bank's manifest is not one.</summary>
public enum BankManifestStatus
{
    /// <summary>It is one.</summary>
    Good = 0,

    /// <summary>Shorter than the header.</summary>
    TooShort,

    /// <summary>Does not begin with the magic.</summary>
    MagicDiffers,

    /// <summary>Written by another version of the SDK.</summary>
    VersionUnknown,

    /// <summary>The length it states is not the length it has, or not that of its file table.</summary>
    LengthDiffers,

    /// <summary>Fewer than 2 files, or more than <see cref="BankManifestHeader.MaximumFileCount"/>.</summary>
    FileCountInvalid,

    /// <summary>A reserved byte or an unknown flag of the header is not zero.</summary>
    HeaderReserved,

    /// <summary>The vendor, the product or its version is empty, not ended or not printable ASCII.</summary>
    ProductInvalid,

    /// <summary>A file's name is empty, not ended or no file name.</summary>
    FileNameInvalid,

    /// <summary>Two files have one name, or one has that of the manifest or its signature.</summary>
    FileNameTaken,

    /// <summary>A file is empty or larger than <see cref="BankFile.MaximumLength"/>.</summary>
    FileLengthInvalid,

    /// <summary>An unknown <see cref="BankFileKind"/>.</summary>
    FileKindUnknown,

    /// <summary>A reserved byte of a file is not zero.</summary>
    FileReserved,

    /// <summary>There is not exactly one core.</summary>
    CoreCountInvalid,

    /// <summary>There is not exactly one plan.</summary>
    PlanCountInvalid,
}
