using System;
using System.IO.Hashing;
using System.Security.Cryptography;

namespace Ember.Sdk.Images;

/// <summary>Makes a <see cref="ContentDigest"/> of content that comes in pieces.</summary>
internal sealed class ContentHasher : IDisposable
{
    private readonly IncrementalHash _sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly XxHash3 _xxh3 = new();
    private long _length;

    /// <summary>Takes the next piece.</summary>
    public void Append(ReadOnlySpan<byte> piece)
    {
        _sha256.AppendData(piece);
        _xxh3.Append(piece);
        _length += piece.Length;
    }

    /// <summary>The digest of all the pieces.</summary>
    public ContentDigest Finish() =>
        new(_length, Convert.ToHexStringLower(_sha256.GetCurrentHash()), _xxh3.GetCurrentHashAsUInt64());

    /// <inheritdoc/>
    public void Dispose() => _sha256.Dispose();
}
