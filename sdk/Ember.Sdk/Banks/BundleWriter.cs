using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Threading;
using Ember.Formats.Bundles;
using Ember.Sdk.Fat;
using Ember.Sdk.Images;

namespace Ember.Sdk.Banks;

/// <summary>Writes an update bundle: what goes into the idle bank of a key in the field.</summary>
public static class BundleWriter
{
    private const int BufferSize = 128 * 1024;

    /// <summary>Writes a bundle; it appears whole or not at all.</summary>
    /// <param name="bank">The files of a signed bank.</param>
    /// <param name="volumeLength">Bytes of the bank's partition on the keys it is for; null for the least that the files need.</param>
    /// <param name="sourceDateEpoch">Seconds since 1970: the time of every file.</param>
    /// <param name="outputPath">Where it goes.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="EmberException">The files do not fit into a volume or cannot be read (exit code 2), or the bundle cannot be written
    /// (3).</exception>
    public static void Write(
        IReadOnlyList<ImageFile> bank,
        long? volumeLength,
        long sourceDateEpoch,
        string outputPath,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(bank);
        byte[] manifest = Read(bank, BankNames.Manifest);
        byte[] signature = Read(bank, BankNames.Signature);
        FatLayout volume = Plan(bank, volumeLength);
        FatGeometry geometry = volume.Geometry;

        // Folders and files lie at the beginning of a volume, so one run is all it takes.
        long used = geometry.ClusterOffset(volume.NextFreeCluster);
        BundleRun run = new() { Offset = 0, Length = (ulong)used, Base = BundleRun.InBundle };
        using BundleOutput output = new(
            outputPath, manifest, signature, geometry.SectorCount * FatGeometry.SectorSize, [run], default, cancellation);
        uint serial = BinaryPrimitives.ReadUInt32LittleEndian(SHA256.HashData(manifest));
        FatIdentity identity = new(serial, KeyLayout.BankLabel, FatTimestamp.FromUnixSeconds(sourceDateEpoch), HiddenSectors: 0);
        byte[] metadata = new byte[volume.Files.Where(file => file.Length != 0).Min(file => file.Offset)];
        FatWriter.WriteMetadata(volume, identity, (offset, bytes) => bytes.CopyTo(metadata.AsSpan((int)offset)));
        output.Append(metadata);
        WriteFiles(bank, volume, output);
        output.Commit();
    }

    private static FatLayout Plan(IReadOnlyList<ImageFile> bank, long? volumeLength)
    {
        long size = volumeLength ?? ImageLayout.SmallestSize("bank", KeyLayout.Bank("bank", bank));
        return FatGeometry.ForVolume(size / FatGeometry.SectorSize, null) is { } geometry
            && FatLayout.TryCreate(FatTree.Build(bank.Select(file => new FatFile(file.Path, file.Length))), geometry) is { } layout
                ? layout
                : throw new EmberException(ErrorKind.Input, "bank: its files do not fit into a volume");
    }

    private static void WriteFiles(IReadOnlyList<ImageFile> bank, FatLayout volume, BundleOutput output)
    {
        byte[] buffer = new byte[BufferSize];
        foreach (FatPlacement placement in volume.Files)
        {
            using Stream content = bank.Single(file => file.Path == placement.Path).Open();
            for (int count = content.Read(buffer); count > 0; count = content.Read(buffer))
            {
                output.Append(buffer.AsSpan(0, count));
            }

            // The next file begins with a cluster of its own, and the last cluster of the last file ends the bundle.
            int inside = (int)(placement.Length % volume.Geometry.ClusterSize);
            output.Append(new byte[inside == 0 ? 0 : volume.Geometry.ClusterSize - inside]);
        }
    }

    private static byte[] Read(IReadOnlyList<ImageFile> bank, string name)
    {
        using Stream stream = bank.Single(file => file.Path == name).Open();
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
