using System;
using System.IO;
using System.IO.Hashing;
using System.Security.Cryptography;

namespace Ember.Sdk.Images;

/// <summary>How long some content is and what it hashes to.</summary>
/// <param name="Length">In bytes.</param>
/// <param name="Sha256">SHA-256 in 64 lower-case hexadecimal digits: is it ours?</param>
/// <param name="Xxh3">XXH3, 64 bits, seed 0: has it come across unharmed?</param>
public sealed record ContentDigest(long Length, string Sha256, ulong Xxh3)
{
    private const int BufferSize = 128 * 1024;

    /// <summary>Hashes what is left of a stream.</summary>
    public static ContentDigest Of(Stream content)
    {
        ArgumentNullException.ThrowIfNull(content);
        using ContentHasher hasher = new();
        byte[] buffer = new byte[BufferSize];
        for (int count = content.Read(buffer); count > 0; count = content.Read(buffer))
        {
            hasher.Append(buffer.AsSpan(0, count));
        }

        return hasher.Finish();
    }

    /// <summary>Hashes a file of the host.</summary>
    /// <exception cref="IOException">It is not there, or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static ContentDigest OfFile(string path)
    {
        using FileStream content = File.OpenRead(path);
        return Of(content);
    }

    /// <summary>Hashes bytes.</summary>
    public static ContentDigest Of(ReadOnlySpan<byte> content) =>
        new(content.Length, Convert.ToHexStringLower(SHA256.HashData(content)), XxHash3.HashToUInt64(content));
}
