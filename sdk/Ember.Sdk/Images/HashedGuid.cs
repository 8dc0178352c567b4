using System;

namespace Ember.Sdk.Images;

/// <summary>Identifiers that follow from content.</summary>
internal static class HashedGuid
{
    /// <summary>The first 16 bytes of a hash with version 8 and variant 10 set, as RFC 9562 has it for hashes but SHA-1.</summary>
    public static Guid Of(ReadOnlySpan<byte> hash)
    {
        Span<byte> bytes = stackalloc byte[16];
        hash[..bytes.Length].CopyTo(bytes);
        bytes[6] = (byte)(bytes[6] & 0x0F | 0x80);
        bytes[8] = (byte)(bytes[8] & 0x3F | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
