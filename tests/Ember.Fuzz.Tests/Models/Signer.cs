using System;
using System.Collections.Generic;

using System.Security.Cryptography;
using Ember.Formats.Tests.Signatures;

namespace Ember.Fuzz.Tests.Models;

/// <summary>The vendor, who has signed what one likes.</summary>
internal static class Signer
{
    private const int MostKept = 4096;

    private static readonly Dictionary<string, byte[]> _signatures = [];

    /// <summary>The file with the signature of a manifest.</summary>
    public static byte[] Sign(byte[] manifest)
    {
        string digest = Convert.ToHexString(SHA256.HashData(manifest));
        if (!_signatures.TryGetValue(digest, out byte[]? signature))
        {
            if (_signatures.Count == MostKept)
            {
                _signatures.Clear();
            }

            signature = TestKey.Bits3072.BankSignatureOf(manifest);
            _signatures.Add(digest, signature);
        }

        return [.. signature];
    }
}
