namespace Ember.Formats.Bundles;

/// <summary>Why a bundle is not one.</summary>
public enum BundleStatus
{
    /// <summary>It is one.</summary>
    Good = 0,

    /// <summary>Shorter than its head.</summary>
    TooShort,

    /// <summary>Does not begin with the magic.</summary>
    MagicDiffers,

    /// <summary>Written by another version of the SDK.</summary>
    VersionUnknown,

    /// <summary>A length or a count of the header is out of its range, or the whole length is not that of the file.</summary>
    LengthInvalid,

    /// <summary>A reserved byte is not zero.</summary>
    ReservedSet,

    /// <summary>The runs are not whole sectors in ascending order inside the volume that begin with its first.</summary>
    RunsInvalid,
}
