using System;

namespace Ember.Formats.Bundles;

/// <summary>What is said about what is no bundle.</summary>
public static class BundleStatusText
{
    /// <summary>The status in words that complete the file's name and ": ", ASCII.</summary>
    public static ReadOnlySpan<byte> Of(BundleStatus status) => status switch
    {
        BundleStatus.Good => "good"u8,
        BundleStatus.TooShort => "is cut off"u8,
        BundleStatus.MagicDiffers => "is no update bundle"u8,
        BundleStatus.VersionUnknown => "is of an unknown version"u8,
        BundleStatus.LengthInvalid => "is longer or shorter than it says"u8,
        _ => "is damaged"u8,
    };
}
