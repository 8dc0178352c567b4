using System;
using Ember.Sdk.Media;

namespace Ember.Loader.Tests;

/// <summary>A medium that loses what is written to one sector.</summary>
/// <param name="medium">The medium behind it.</param>
/// <param name="lost">Where the sector begins, in bytes.</param>
internal sealed class ForgetfulMedium(ISectorMedium medium, long lost) : ISectorMedium
{
    public long Length => medium.Length;

    public void Read(long offset, Span<byte> bytes) => medium.Read(offset, bytes);

    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        byte[] kept = bytes.ToArray();
        if (lost >= offset && lost < offset + bytes.Length)
        {
            medium.Read(lost, kept.AsSpan((int)(lost - offset), RecordingMedium.SectorSize));
        }

        medium.Write(offset, kept);
    }

    public void Flush() => medium.Flush();
}
