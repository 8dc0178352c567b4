using System.Collections.Generic;
using System.Text;
using System.Threading;
using Ember.Formats.Banks;
using Ember.Sdk.Images;
using Ember.Sdk.Output;
using Ember.Sdk.Pe;
using Ember.Sdk.Signing;

namespace Ember.Sdk.Banks;

/// <summary>Writes a loader with a bank in it, signed: all that a server without a disk boots over a network.</summary>
public static class NetworkLoader
{
    /// <summary>What the request to sign it is called.</summary>
    public const string RequestName = "network.efi";

    /// <summary>Whether a bank is small enough for a file that is loaded as a program: 1 GiB.</summary>
    public static bool Fits(IReadOnlyList<ImageFile> bank) => ArchiveWriter.Length(bank) <= PeSections.MostAdded;

    /// <summary>Writes the file; it appears whole, and signed, or not at all.</summary>
    /// <param name="loader">The loader, not signed, with the vendor's key in it.</param>
    /// <param name="bank">The files of a signed bank, manifest and signature last.</param>
    /// <param name="secureBootKey">The key that the firmware trusts.</param>
    /// <param name="outputPath">Where it goes.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>Whether it is there; false when a signature is missing (<see cref="ISigningKey.Missing"/>).</returns>
    /// <exception cref="EmberException">The loader has no room for a bank (exit code 2), the key does not sign, or the file cannot be
    /// written (3).</exception>
    public static bool Write(
        PeImage loader,
        IReadOnlyList<ImageFile> bank,
        ISigningKey secureBootKey,
        string outputPath,
        CancellationToken cancellation = default)
    {
        Authenticode.RequireDigestible(loader);
        long length = ArchiveWriter.Length(bank);
        byte[] head = PeSections.Announce(loader, Encoding.ASCII.GetString(BankArchive.SectionName), length);
        using AtomicFile output = AtomicFile.Create(outputPath);
        using SignedImageWriter image = new(loader, head, output);
        ArchiveWriter.Write(bank, image, cancellation);
        image.Append(new byte[(int)(-length & (PeSections.FileAlignment - 1))]);
        image.Finish(RequestName, secureBootKey);
        if (secureBootKey.Missing.Count != 0)
        {
            return false;
        }

        output.Commit();
        return true;
    }
}
