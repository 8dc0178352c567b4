using System;

namespace Ember.Formats.Banks;

/// <summary>
/// Ember's firmware variables. Their vendor GUID is <see cref="HandOver.GuidLow"/> and <see cref="HandOver.GuidHigh"/>; each holds a
/// number of 8 bytes.
/// </summary>
public static class FirmwareVariableNames
{
    /// <summary>Bytes of a key's identity in the name of a variable that belongs to the key.</summary>
    public const int KeyIdBytes = 8;

    /// <summary>By which the core tells the loader of the next boot that the virtual machines came up: the number of the start.</summary>
    public static ReadOnlySpan<byte> Confirmed => "EmberConfirmed"u8;

    /// <summary>The least security version that is started; the digits of the key's identity follow.</summary>
    public static ReadOnlySpan<byte> SecurityVersion => "EmberSecurityVersion-"u8;
}
