using System.IO.Hashing;
using System.Security.Cryptography;
using Ember.Sdk.Verification.Fat;

namespace Ember.Sdk.Verification.Banks;

/// <summary>What a file of a bank hashes to.</summary>
/// <param name="Xxh3">XXH3-64, seed 0.</param>
/// <param name="Sha256">SHA-256.</param>
internal sealed record FileDigest(ulong Xxh3, byte[] Sha256)
{
    /// <summary>Hashes a file.</summary>
    public static FileDigest Of(FatFile file, ImageBytes image)
    {
        using IncrementalHash sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        XxHash3 xxh3 = new();
        file.Read(image, piece =>
        {
            sha256.AppendData(piece);
            xxh3.Append(piece);
        });
        return new FileDigest(xxh3.GetCurrentHashAsUInt64(), sha256.GetHashAndReset());
    }
}
