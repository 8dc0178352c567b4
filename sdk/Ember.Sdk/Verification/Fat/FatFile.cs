using System;
using System.Collections.Generic;
using System.Linq;

namespace Ember.Sdk.Verification.Fat;

/// <summary>A file or folder found on a volume.</summary>
/// <param name="Volume">The volume.</param>
/// <param name="Path">Its folders and name, separated by <c>/</c>.</param>
/// <param name="IsFolder">Whether it is a folder.</param>
/// <param name="Length">The length its entry states, in bytes; zero for a folder.</param>
/// <param name="Clusters">Its clusters, as far as its chain could be followed.</param>
internal sealed record FatFile(FatVolume Volume, string Path, bool IsFolder, long Length, IReadOnlyList<ClusterRun> Clusters)
{
    private const int PieceSize = 128 * 1024;

    /// <summary>Bytes that are there: a broken chain has fewer than the length stated.</summary>
    public long Readable => Math.Min(Length, Clusters.Sum(run => (long)run.Count) * Volume.ClusterSize);

    /// <summary>Hands the bytes over in pieces.</summary>
    public void Read(ImageBytes image, Action<ReadOnlySpan<byte>> take)
    {
        byte[] buffer = new byte[PieceSize];
        long left = Readable;
        foreach (ClusterRun run in Clusters)
        {
            long offset = Volume.ClusterOffset(run.First);
            long end = Math.Min((long)run.Count * Volume.ClusterSize, left);
            for (long done = 0; done < end; done += buffer.Length)
            {
                Span<byte> piece = buffer.AsSpan(0, (int)Math.Min(buffer.Length, end - done));
                image.Read(offset + done, piece);
                take(piece);
            }

            left -= end;
        }
    }

    /// <summary>The whole file; of a longer one its beginning.</summary>
    /// <param name="image">The image.</param>
    /// <param name="most">The most bytes that are returned.</param>
    public byte[] ReadAll(ImageBytes image, int most)
    {
        FatFile shorter = this with { Length = Math.Min(Length, most) };
        byte[] bytes = new byte[shorter.Readable];
        int filled = 0;
        shorter.Read(image, piece =>
        {
            piece.CopyTo(bytes.AsSpan(filled));
            filled += piece.Length;
        });
        return bytes;
    }
}
