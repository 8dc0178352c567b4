using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading;
using Ember.Formats.Banks;
using Ember.Sdk.Images;
using Ember.Sdk.Pe;

namespace Ember.Sdk.Banks;

/// <summary>Writes a bank in one piece, for a loader that is booted over a network.</summary>
internal static class ArchiveWriter
{
    /// <summary>Bytes that an archive has.</summary>
    /// <param name="bank">The files of a signed bank in the order of its manifest, manifest and signature last.</param>
    public static long Length(IReadOnlyList<ImageFile> bank) =>
        ArchiveHeader.Size + Placed(bank).Sum(placed => placed.Gap + placed.File.Length);

    /// <summary>Writes an archive.</summary>
    /// <param name="bank">As for <see cref="Length"/>.</param>
    /// <param name="output">Takes it.</param>
    /// <param name="cancellation">Stops it.</param>
    public static void Write(IReadOnlyList<ImageFile> bank, SignedImageWriter output, CancellationToken cancellation)
    {
        byte[] header = new byte[ArchiveHeader.Size];
        MemoryMarshal.Write(header, new ArchiveHeader
        {
            Magic = ArchiveHeader.MagicValue,
            ManifestLength = (uint)bank[^2].Length,
            SignatureLength = (uint)bank[^1].Length,
        });
        output.Append(header);
        foreach ((int gap, ImageFile file) in Placed(bank))
        {
            cancellation.ThrowIfCancellationRequested();
            output.Append(new byte[gap]);
            using Stream content = file.Open();
            output.Append(content);
        }
    }

    /// <summary>The files in the archive's order, each with the bytes between it and what is before it.</summary>
    private static IEnumerable<(int Gap, ImageFile File)> Placed(IReadOnlyList<ImageFile> bank)
    {
        yield return (0, bank[^2]);
        yield return (0, bank[^1]);
        long length = ArchiveHeader.Size + bank[^2].Length + bank[^1].Length;
        foreach (ImageFile file in bank.SkipLast(2))
        {
            int gap = (int)(-length & (ArchiveHeader.FileAlignment - 1));
            yield return (gap, file);
            length += gap + file.Length;
        }
    }
}
