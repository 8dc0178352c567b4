using System;
using System.Collections.Generic;
using System.Linq;
using Ember.Formats.Banks;
using Ember.Fuzz.Tests.Engine;
using Ember.Fuzz.Tests.Models;

namespace Ember.Fuzz.Tests.Targets;

/// <summary><see cref="BootLogo"/>: accepted is exactly what the model accepts, and the pixels are the file's.</summary>
internal sealed class LogoTarget : FuzzTarget
{
    /// <inheritdoc/>
    public override string Name => "logo";

    /// <inheritdoc/>
    public override IReadOnlyList<byte[]> Seeds { get; } = [Logo()];

    /// <summary>A picture of 4 by 2 pixels.</summary>
    public static byte[] Logo() =>
    [
        .. "BM"u8, .. BitConverter.GetBytes(96), .. new byte[4], .. BitConverter.GetBytes(64), .. BitConverter.GetBytes(40),
        .. BitConverter.GetBytes(4), .. BitConverter.GetBytes(-2), 1, 0, 32, 0, .. new byte[34],
        .. Enumerable.Range(0, 32).Select(i => (byte)i),
    ];

    /// <inheritdoc/>
    public override IEnumerable<StructurePlace> Places(byte[] input) => [new(typeof(BootLogoHeader), 0)];

    /// <inheritdoc/>
    public override void Run(byte[] input, GuardedMemory memory)
    {
        bool isLogo = input.Length >= 64 && input.AsSpan().StartsWith("BM"u8) && Text.Number(input, 10) == 64
            && Text.Number(input, 14) == 40 && input[28] == 32 && input[29] == 0
            && (int)Text.Number(input, 18) is >= 1 and <= 640 && (int)Text.Number(input, 22) is <= -1 and >= -300
            && input.Length == 64 + (4L * (int)Text.Number(input, 18) * -(int)Text.Number(input, 22)) && input.Length <= 64 + (4 << 16);
        bool read = BootLogo.TryRead(memory.Place(input), out BootLogo logo);
        Require(read == isLogo, read ? "it is none" : "it is refused");
        if (!read)
        {
            return;
        }

        Require(logo.Width == Text.Number(input, 18) && logo.Height == -(int)Text.Number(input, 22), "another size");
        for (int i = 0; i < logo.Pixels.Length; i++)
        {
            Require(logo.Pixels[i] == Text.Number(input, 64 + (4 * i)), $"pixel {i} differs");
        }

        Require(logo.Pixels.Length * 4 == input.Length - 64, "another number of pixels");
    }
}
