namespace Ember.Formats.Signatures;

/// <summary>Why a vendor's key or a signature is not to be trusted.</summary>
public enum SignatureStatus
{
    /// <summary>It is.</summary>
    Good = 0,

    /// <summary>Shorter than the header, or than the header says.</summary>
    TooShort,

    /// <summary>Does not begin with the magic.</summary>
    MagicDiffers,

    /// <summary>Written by another version of the SDK.</summary>
    VersionUnknown,

    /// <summary>A flag or an algorithm that this version does not know.</summary>
    KindUnknown,

    /// <summary>The modulus or the signature has a length that no key may have.</summary>
    LengthInvalid,

    /// <summary>A reserved byte, or one behind the end, is not zero, or there should be none.</summary>
    ReservedSet,

    /// <summary>The modulus is even or does not have its highest bit set.</summary>
    ModulusInvalid,

    /// <summary>A key's identity is not the SHA-256 of its modulus.</summary>
    KeyIdWrong,

    /// <summary>The signature was made with another key.</summary>
    KeyDiffers,

    /// <summary>The signature is not one of this key for these bytes.</summary>
    SignatureWrong,
}
