using System;
using System.Collections.Generic;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Threading;
using Ember.Sdk.Output;

namespace Ember.Sdk.Images.Containers;

/// <summary>
/// A block map, version 2.0, which lies beside the image or the compressed image: it says which blocks have to be written to a medium, with
/// a SHA-256 for each stretch of them and for itself.
/// </summary>
public sealed class BmapContainer : IImageContainer
{
    private const int BlockSize = 4096;
    private const int PieceSize = 256 * BlockSize;

    /// <inheritdoc/>
    public string Suffix => ".bmap";

    /// <inheritdoc/>
    public void Write(
        SparseImage image, string outputPath, IProgress<long>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        IReadOnlyList<(long First, long Last)> stretches = ImageStretches.Blocks(image.Stream, BlockSize);
        StringBuilder ranges = new();
        long mapped = 0;
        foreach ((long first, long last) in stretches)
        {
            string hash = Hash(image, first, last, cancellationToken);
            string numbers = first == last ? Number(first) : $"{Number(first)}-{Number(last)}";
            ranges.Append(CultureInfo.InvariantCulture, $"    <Range chksum=\"{hash}\">{numbers}</Range>\n");
            mapped += last - first + 1;
            progress?.Report(Math.Min((last + 1) * BlockSize, image.Length));
        }

        progress?.Report(image.Length);

        // The checksum of the file is that of the same file with noughts in its place.
        string map = Text(image.Length, mapped, ranges, new string('0', SHA256.HashSizeInBytes * 2));
        string checksum = Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(map)));
        AtomicFile.WriteAllBytes(outputPath, Encoding.ASCII.GetBytes(Text(image.Length, mapped, ranges, checksum)));
    }

    private static string Hash(SparseImage image, long first, long last, CancellationToken cancellationToken)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] piece = new byte[PieceSize];
        long end = Math.Min((last + 1) * BlockSize, image.Length);
        for (long offset = first * BlockSize; offset < end; offset += PieceSize)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Span<byte> bytes = piece.AsSpan(0, (int)Math.Min(PieceSize, end - offset));
            image.Read(offset, bytes);
            hash.AppendData(bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static string Text(long length, long mapped, StringBuilder ranges, string checksum) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        <?xml version="1.0" ?>
        <bmap version="2.0">
          <ImageSize>{length}</ImageSize>
          <BlockSize>{BlockSize}</BlockSize>
          <BlocksCount>{(length + BlockSize - 1) / BlockSize}</BlocksCount>
          <MappedBlocksCount>{mapped}</MappedBlocksCount>
          <ChecksumType>sha256</ChecksumType>
          <BmapFileChecksum>{checksum}</BmapFileChecksum>
          <BlockMap>
        {ranges}  </BlockMap>
        </bmap>

        """);

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
