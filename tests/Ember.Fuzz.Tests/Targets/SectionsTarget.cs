using System;
using System.Collections.Generic;
using Ember.Formats.Signatures;
using Ember.Formats.Tests.Signatures;
using Ember.Fuzz.Tests.Engine;
using Ember.Loader;
using Ember.Loader.Tests;

namespace Ember.Fuzz.Tests.Targets;

/// <summary><see cref="ImageSections"/>: what is found lies in the image.</summary>
internal sealed class SectionsTarget : FuzzTarget
{
    /// <inheritdoc/>
    public override string Name => "sections";

    /// <inheritdoc/>
    public override IReadOnlyList<byte[]> Seeds { get; } = [Loaded()];

    /// <inheritdoc/>
    public override void Run(byte[] input, GuardedMemory memory)
    {
        ReadOnlySpan<byte> image = memory.Place(input);
        ReadOnlySpan<byte> found = ImageSections.Find(image, RsaPublicKey.SectionName);
        Require(found.IsEmpty || image.Overlaps(found, out int offset) && offset + found.Length <= image.Length, "outside the image");
        int sum = 0;
        foreach (byte value in found)
        {
            sum += value;
        }

        Require(sum >= 0, "bytes have no sum");
    }

    /// <summary>A loader as it lies in memory: its section from the second page on.</summary>
    private static byte[] Loaded()
    {
        byte[] file = TrustingLoader.Of(TestKey.Bits3072.PublicKey());
        return [.. file.AsSpan(0, 0x200), .. new byte[0xE00], .. file.AsSpan(0x200)];
    }
}
