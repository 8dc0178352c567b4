using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using Ember.Formats.Banks;
using Ember.Sdk.Images;

namespace Ember.Sdk.Banks;

/// <summary>Writes a bank in one piece, for a loader that is booted over a network.</summary>
public static class ArchiveWriter
{
    /// <summary>Writes an archive.</summary>
    /// <param name="bank">The files of a signed bank in the order of its manifest, manifest and signature last.</param>
    public static byte[] Write(IReadOnlyList<ImageFile> bank)
    {
        ImageFile manifest = bank.Single(file => file.Path == BankNames.Manifest);
        ImageFile signature = bank.Single(file => file.Path == BankNames.Signature);
        using MemoryStream archive = new();
        archive.Write(new byte[ArchiveHeader.Size]);
        Append(archive, manifest);
        Append(archive, signature);
        foreach (ImageFile file in bank.Where(file => file != manifest && file != signature))
        {
            archive.SetLength((archive.Length + ArchiveHeader.FileAlignment - 1) / ArchiveHeader.FileAlignment * ArchiveHeader.FileAlignment);
            archive.Position = archive.Length;
            Append(archive, file);
        }

        byte[] bytes = archive.ToArray();
        MemoryMarshal.Write(bytes, new ArchiveHeader
        {
            Magic = ArchiveHeader.MagicValue,
            ManifestLength = (uint)manifest.Length,
            SignatureLength = (uint)signature.Length,
        });
        return bytes;
    }

    private static void Append(MemoryStream archive, ImageFile file)
    {
        using Stream content = file.Open();
        content.CopyTo(archive);
    }
}
