namespace Ember.Sdk.Signing;

/// <summary>What a key signs.</summary>
public enum SigningPurpose
{
    /// <summary>Loader and core, for the firmware's Secure Boot: RSA of 2048 bits at least.</summary>
    Authenticode,

    /// <summary>Banks, for the loader: RSA of 3072 to 4096 bits, a multiple of 64, with exponent 65537.</summary>
    Bank,
}
