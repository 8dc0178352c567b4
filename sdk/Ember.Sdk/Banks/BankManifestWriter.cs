using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Text;
using Ember.Formats.Banks;

namespace Ember.Sdk.Banks;

/// <summary>Writes the manifest of a bank.</summary>
public static class BankManifestWriter
{
    /// <summary>Writes a manifest.</summary>
    /// <param name="description">What it says of the bank.</param>
    /// <param name="items">The files, in the order they are loaded: one core, one plan, payloads and documents.</param>
    /// <returns>The whole manifest, which its own reader has accepted.</returns>
    /// <exception cref="EmberException">There is no such manifest: too many files, two of one name, a file that is empty or too large
    /// (exit code 2).</exception>
    public static byte[] Write(BankDescription description, IReadOnlyList<BankItem> items)
    {
        ArgumentNullException.ThrowIfNull(description);
        ArgumentNullException.ThrowIfNull(items);
        byte[] manifest = new byte[BankManifestHeader.Size + (items.Count * BankFile.Size)];
        BankManifestHeader header = new()
        {
            Magic = BankManifestHeader.MagicValue,
            Version = BankManifestHeader.CurrentVersion,
            TotalLength = (uint)manifest.Length,
            FileCount = (uint)items.Count,
            SecurityVersion = description.SecurityVersion,
            Flags = description.IsTestKey ? BankFlags.TestKey : BankFlags.None,
        };
        Encoding.ASCII.GetBytes(description.Product, header.Product);
        Encoding.ASCII.GetBytes(description.Version, header.ProductVersion);
        Encoding.ASCII.GetBytes(description.Vendor, header.Vendor);
        MemoryMarshal.Write(manifest, header);
        for (int i = 0; i < items.Count; i++)
        {
            BankFile file = new()
            {
                Length = (ulong)items[i].Digest.Length,
                Xxh3 = items[i].Digest.Xxh3,
                Kind = items[i].Kind,
            };
            Encoding.ASCII.GetBytes(items[i].Name, file.Name);
            Convert.FromHexString(items[i].Digest.Sha256).CopyTo((Span<byte>)file.Sha256);
            MemoryMarshal.Write(manifest.AsSpan(BankManifestHeader.Size + (i * BankFile.Size)), file);
        }

        BankManifestStatus status = BankManifest.TryRead(manifest, out _);
        return status == BankManifestStatus.Good
            ? manifest
            : throw new EmberException(
                ErrorKind.Input,
                $"bank.manifest: {Encoding.ASCII.GetString(BankManifestStatusText.Of(status))}; a bank holds up to"
                + $" {BankManifestHeader.MaximumFileCount} files of 1 byte to 2 GiB less 1, with names that differ in more than case");
    }
}
