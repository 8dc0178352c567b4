using System;

namespace Ember.Sdk.Media;

/// <summary>A key, or an image of one, that is changed sector by sector: offsets and lengths are whole sectors of 512 bytes.</summary>
public interface ISectorMedium
{
    /// <summary>Its length in bytes.</summary>
    long Length { get; }

    /// <summary>Reads.</summary>
    /// <exception cref="EmberException">It cannot be read (exit code 3).</exception>
    void Read(long offset, Span<byte> bytes);

    /// <summary>Writes. Until <see cref="Flush"/> has returned, any part of what was written may be lost, whatever came after it.</summary>
    /// <exception cref="EmberException">It cannot be written (exit code 3).</exception>
    void Write(long offset, ReadOnlySpan<byte> bytes);

    /// <summary>Returns when everything written before is on the medium.</summary>
    /// <exception cref="EmberException">It cannot be written (exit code 3).</exception>
    void Flush();
}
