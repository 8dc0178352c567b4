namespace Ember.Sdk.Tests.Verification;

/// <summary>A program that looks at images, and is not ours.</summary>
internal enum OtherProgram
{
    None,

    /// <summary><c>sgdisk -v</c> names a problem.</summary>
    Sgdisk,

    /// <summary><c>fsck.fat -n</c> finds fault.</summary>
    Fsck,
}
