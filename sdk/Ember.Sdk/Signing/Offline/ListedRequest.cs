using System;
using Ember.Sdk.Banks;

namespace Ember.Sdk.Signing.Offline;

/// <summary>A request to sign as it stands in the list of <see cref="SigningFolder"/>.</summary>
/// <param name="Name">The file that is signed.</param>
/// <param name="Sha256">SHA-256 of the bytes to sign, in lower-case hexadecimal.</param>
/// <param name="Key">The key to sign with.</param>
public sealed record ListedRequest(string Name, string Sha256, ListedKey Key)
{
    /// <summary>Rounds of signing that a build takes: each signs what the one before made.</summary>
    public const int Rounds = 3;

    /// <summary>The round it belongs to: loader and core; the manifest, which holds the signed core's digest; the file for network boot,
    /// which holds the signed bank.</summary>
    public int Round => Name == NetworkLoader.RequestName ? 3 : Name == BankNames.Manifest ? 2 : 1;

    /// <summary>The name of the file with the bytes to sign.</summary>
    public string RequestFile => $"{Name}.request";

    /// <summary>The name of the file that the signature is expected in.</summary>
    public string SignatureFile => $"{Name}.signature";

    internal byte[] Digest => Convert.FromHexString(Sha256);
}
