using System;
using System.IO;

namespace Ember.Sdk.Media;

/// <summary>
/// Something that a whole key is written to: a device, a file, or what a test puts in their place. Unlike <see cref="ISectorMedium"/> it passes
/// caches by, and its members throw <see cref="IOException"/> when it fails: what that means depends on how far the writing has come.
/// </summary>
public interface IKeyMedium
{
    /// <summary>How it is called in messages.</summary>
    string Name { get; }

    /// <summary>Its length in bytes.</summary>
    long Length { get; }

    /// <summary>True only if every byte of it is known to be zero: a file that was just made.</summary>
    bool IsZero { get; }

    /// <summary>Reads what lies on the medium itself, not what some cache of the host has of it.</summary>
    /// <param name="offset">A multiple of 4096.</param>
    /// <param name="bytes">Of any multiple of 512; of 4096 except at the end.</param>
    void Read(long offset, Span<byte> bytes);

    /// <summary>Writes. What was written may lie on the medium in any order until <see cref="Flush"/>.</summary>
    /// <param name="offset">A multiple of 4096.</param>
    /// <param name="bytes">Of any multiple of 512; of 4096 except at the end.</param>
    void Write(long offset, ReadOnlySpan<byte> bytes);

    /// <summary>Returns when everything that was written lies on the medium.</summary>
    void Flush();
}
