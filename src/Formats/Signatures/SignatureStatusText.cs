using System;

namespace Ember.Formats.Signatures;

/// <summary>What is said about a key or a signature that is not trusted.</summary>
public static class SignatureStatusText
{
    /// <summary>The status in words that complete "bank.signature: " or "vendor key: ", ASCII.</summary>
    public static ReadOnlySpan<byte> Of(SignatureStatus status) => status switch
    {
        SignatureStatus.Good => "good"u8,
        SignatureStatus.TooShort => "too short"u8,
        SignatureStatus.MagicDiffers => "not there"u8,
        SignatureStatus.VersionUnknown => "of an unknown version"u8,
        SignatureStatus.KindUnknown => "of an unknown algorithm or use"u8,
        SignatureStatus.LengthInvalid => "length invalid"u8,
        SignatureStatus.ReservedSet => "bytes set that should be zero"u8,
        SignatureStatus.ModulusInvalid => "modulus invalid"u8,
        SignatureStatus.KeyIdWrong => "key id is not the key's"u8,
        SignatureStatus.KeyDiffers => "made with another key"u8,
        SignatureStatus.SignatureWrong => "wrong"u8,
        _ => "unknown status"u8,
    };
}
