using System;
using System.Threading;
using CsCheck;
using Ember.Sdk.Verification;

namespace Ember.Sdk.Tests.Verification;

/// <summary>Whatever an image holds, it ends in findings: without exception, soon, and in little memory.</summary>
public sealed class VerifierFuzzTests
{
    private const int Mutations = 3000;

    // Where the structures are: the table, each volume's reserved sectors, FATs and folders, files, the state.
    private static readonly (int Start, int Length)[] _structures =
    [
        (0, 34 * KeyBytes.Sector),
        (KeyBytes.Length - (33 * KeyBytes.Sector), 33 * KeyBytes.Sector),
        (KeyBytes.Esp, 8 * KeyBytes.Sector),
        (KeyBytes.Fat32At(0, 0), 512),
        (KeyBytes.Esp + (int)KeyBytes.EspGeometry.ClusterOffset(2), 10 * KeyBytes.Sector),
        (KeyBytes.BankA, KeyBytes.Sector),
        (KeyBytes.Fat16At(0, 0), 256),
        (KeyBytes.BankA + (int)(KeyBytes.BankGeometry.RootSector * KeyBytes.Sector), 1024),
        (KeyBytes.BankA + (int)KeyBytes.BankGeometry.ClusterOffset(2), 40_000),
        (KeyBytes.State, KeyBytes.Sector),
    ];

    private static readonly byte[] _values = [0x00, 0x01, 0x7F, 0x80, 0xFF];

    [Fact]
    public void Mutated_images_end_in_findings()
    {
        using ThreadLocal<byte[]> images = new(() => [.. ImageVerifierTests.Good]);
        Gen<(int Structure, int Offset, int Length, int Value)> change =
            Gen.Select(Gen.Int[0, _structures.Length - 1], Gen.Int[0, 1 << 20], Gen.Int[1, 8], Gen.Int[0, 255 + _values.Length]);
        change.Array[1, 6].Sample(
            changes =>
            {
                byte[] image = images.Value!;
                foreach ((int structure, int offset, int length, int value) in changes)
                {
                    At(image, structure, offset, length).Fill(value > 255 ? _values[value - 256] : (byte)value);
                }

                using PartialStream stream = new(image, image.Length);
                VerificationReport report = new ImageVerifier().Verify(stream);
                foreach ((int structure, int offset, int length, int _) in changes)
                {
                    At(ImageVerifierTests.Good, structure, offset, length).CopyTo(At(image, structure, offset, length));
                }

                // Bytes read stand for time: a chain or table that is followed for ever reads for ever.
                return report.Findings.Count < 1000 && stream.BytesRead < image.Length;
            },
            iter: Mutations, threads: 2);
    }

    [Fact]
    public void Random_bytes_end_in_findings() => Gen.Byte.Array[0, 100_000].Sample(
        bytes => ImageVerifierTests.Verify(bytes).Errors != 0, iter: 200, threads: 2);

    [Fact]
    public void An_image_cut_off_anywhere_ends_in_findings()
    {
        for (int length = 0; length < KeyBytes.Length; length += length < 40_000 ? 509 : 1_000_003)
        {
            using PartialStream stream = new(ImageVerifierTests.Good[..length], length);
            Assert.NotEqual(0, new ImageVerifier().Verify(stream).Errors);
        }
    }

    private static Span<byte> At(byte[] image, int structure, int offset, int length)
    {
        (int start, int size) = _structures[structure];
        return image.AsSpan(start + (offset % (size - length)), length);
    }
}
