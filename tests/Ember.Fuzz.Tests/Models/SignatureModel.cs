using System;
using System.Security.Cryptography;

namespace Ember.Fuzz.Tests.Models;

/// <summary>Vendor's keys and signatures, read without the reader's code and verified by .NET.</summary>
internal static class SignatureModel
{
    private const int HeaderSize = 56;

    /// <summary>The modulus of a vendor's key; null when it is none.</summary>
    public static byte[]? ModulusOf(ReadOnlySpan<byte> key)
    {
        if (ContentOf(key, "EMBRRSAK"u8) is not { } modulus || Text.Number(key, 12) > 1
            || !Text.AreZero(key[(HeaderSize + modulus.Length)..]))
        {
            return null;
        }

        return modulus[0] >= 0x80 && modulus[^1] % 2 == 1 && key[24..HeaderSize].SequenceEqual(SHA256.HashData(modulus)) ? modulus : null;
    }

    /// <summary>The signature in its file; null when it is none.</summary>
    public static byte[]? SignatureOf(ReadOnlySpan<byte> file) =>
        ContentOf(file, "EMBRSIGN"u8) is { } signature && Text.Number(file, 12) == 1 && file.Length == HeaderSize + signature.Length
            ? signature
            : null;

    /// <summary>Whether a file is the signature of a manifest by a key.</summary>
    public static bool Verifies(ReadOnlySpan<byte> file, byte[] modulus, byte[] manifest)
    {
        if (SignatureOf(file) is not { } signature || !file[24..HeaderSize].SequenceEqual(SHA256.HashData(modulus)))
        {
            return false;
        }

        using RSA rsa = RSA.Create(new RSAParameters { Modulus = modulus, Exponent = [1, 0, 1] });
        return rsa.VerifyData(manifest, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }

    private static byte[]? ContentOf(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> magic)
    {
        if (bytes.Length < HeaderSize || !bytes.StartsWith(magic) || Text.Number(bytes, 8) != 1 || Text.Number(bytes, 20) != 0)
        {
            return null;
        }

        uint length = Text.Number(bytes, 16);
        return length is >= 384 and <= 512 && length % 8 == 0 && bytes.Length >= HeaderSize + length
            ? bytes.Slice(HeaderSize, (int)length).ToArray()
            : null;
    }
}
