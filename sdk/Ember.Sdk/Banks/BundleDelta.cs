using System;
using System.Collections.Generic;
using System.IO.Hashing;
using System.Threading;
using Ember.Formats.Banks;
using Ember.Formats.Bundles;

namespace Ember.Sdk.Banks;

/// <summary>Makes a bundle that holds only what differs from another version: for keys that hold that version.</summary>
public static class BundleDelta
{
    /// <summary>Every file begins with one of these, whatever the volume's clusters are.</summary>
    private const int LargestBlock = 4096;

    private const int SectorsPerClusterOffset = 13;

    /// <summary>Writes a delta; it appears whole or not at all.</summary>
    /// <param name="older">The version that the keys hold.</param>
    /// <param name="newer">The version that they are to get.</param>
    /// <param name="outputPath">Where the delta goes.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>Bytes of the delta's runs, and of the whole bundle's.</returns>
    /// <exception cref="EmberException">One is a delta itself, or they are of different products or lengths (exit code 2); a bundle cannot
    /// be read, or the delta not written (3).</exception>
    public static (long Delta, long Whole) Write(
        BundleFile older, BundleFile newer, string outputPath, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(older);
        ArgumentNullException.ThrowIfNull(newer);
        RequireFit(older, newer);
        List<BundleRun> runs = Merge(FindBlocks(older, newer, out int blockSize, cancellation), blockSize);
        using BundleOutput output = new(
            outputPath, newer.Manifest, newer.Signature, newer.VolumeLength, runs, older.Manifest, cancellation);
        byte[] buffer = new byte[blockSize];
        long held = 0;
        foreach (BundleRun run in runs)
        {
            for (long at = 0; at < (long)run.Length; at += blockSize)
            {
                newer.Read(newer.Head.DataOffset + (long)run.Offset + at, buffer);
                if (run.Base == BundleRun.InBundle)
                {
                    output.Append(buffer);
                    held += blockSize;
                }
                else
                {
                    output.Skip(buffer);
                }
            }
        }

        output.Commit();
        return (held, (long)newer.Head.ContentLength);
    }

    private static void RequireFit(BundleFile older, BundleFile newer)
    {
        foreach (BundleFile bundle in (BundleFile[])[older, newer])
        {
            if (bundle.Head.NeedsBase || bundle.Head.RunCount != 1)
            {
                throw new EmberException(ErrorKind.Input, $"{bundle.Path}: is a delta itself; give the bundle that 'ember build' wrote");
            }
        }

        BankManifest.TryRead(older.Manifest, out BankManifest from);
        BankManifest.TryRead(newer.Manifest, out BankManifest to);
        if (!BankManifest.AreSameProduct(in from.Header, in to.Header))
        {
            throw new EmberException(ErrorKind.Input, $"{newer.Path}: is for another product than {older.Path}");
        }

        if (older.VolumeLength != newer.VolumeLength)
        {
            throw new EmberException(
                ErrorKind.Input,
                $"{newer.Path}: its banks have {newer.VolumeLength} bytes, and those of {older.Path} {older.VolumeLength}; "
                + "use the whole bundle");
        }
    }

    /// <summary>Finds for each block of the newer volume where it lies in the older one.</summary>
    private static ulong[] FindBlocks(BundleFile older, BundleFile newer, out int blockSize, CancellationToken cancellation)
    {
        byte[] bootSector = new byte[BundleHeader.SectorSize];
        newer.Read(newer.Head.DataOffset, bootSector);
        blockSize = Math.Clamp(bootSector[SectorsPerClusterOffset] * BundleHeader.SectorSize, BundleHeader.SectorSize, LargestBlock);
        byte[] block = new byte[blockSize];
        byte[] candidate = new byte[blockSize];
        Dictionary<UInt128, ulong> known = [];
        ulong oldEnd = older.Head.ContentLength / (ulong)blockSize * (ulong)blockSize;
        for (ulong at = 0; at < oldEnd; at += (ulong)blockSize)
        {
            cancellation.ThrowIfCancellationRequested();
            older.Read(older.Head.DataOffset + (long)at, block);
            known.TryAdd(XxHash128.HashToUInt128(block), at);
        }

        ulong[] found = new ulong[newer.Head.ContentLength / (ulong)blockSize];

        // The first block holds the boot sector, which every bundle has.
        found[0] = BundleRun.InBundle;
        for (int i = 1; i < found.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            newer.Read(newer.Head.DataOffset + ((long)i * blockSize), block);
            ulong next = found[i - 1] == BundleRun.InBundle ? (ulong)i * (ulong)blockSize : found[i - 1] + (ulong)blockSize;
            found[i] = IsAt(next) ? next
                : known.TryGetValue(XxHash128.HashToUInt128(block), out ulong other) && IsAt(other) ? other
                : BundleRun.InBundle;
        }

        return found;

        bool IsAt(ulong offset)
        {
            if (offset >= oldEnd)
            {
                return false;
            }

            older.Read(older.Head.DataOffset + (long)offset, candidate);
            return candidate.AsSpan().SequenceEqual(block);
        }
    }

    /// <summary>Makes runs of the blocks; of the shortest copies none remain when there would be too many runs.</summary>
    private static List<BundleRun> Merge(ulong[] found, int blockSize)
    {
        for (ulong shortest = (ulong)blockSize; ; shortest *= 2)
        {
            List<BundleRun> runs = [];
            foreach (BundleRun run in Merge(found, (ulong)blockSize))
            {
                BundleRun taken = run.Length < shortest ? run with { Base = BundleRun.InBundle } : run;
                if (runs.Count != 0 && runs[^1].Base == BundleRun.InBundle && taken.Base == BundleRun.InBundle)
                {
                    runs[^1] = runs[^1] with { Length = runs[^1].Length + taken.Length };
                }
                else
                {
                    runs.Add(taken);
                }
            }

            if (runs.Count <= BundleHeader.MaximumRunCount)
            {
                return runs;
            }
        }
    }

    private static List<BundleRun> Merge(ulong[] found, ulong blockSize)
    {
        List<BundleRun> runs = [];
        for (int i = 0; i < found.Length; i++)
        {
            ulong next = runs.Count == 0 ? 0
                : runs[^1].Base == BundleRun.InBundle ? BundleRun.InBundle : runs[^1].Base + runs[^1].Length;
            if (runs.Count != 0 && found[i] == next)
            {
                runs[^1] = runs[^1] with { Length = runs[^1].Length + blockSize };
            }
            else
            {
                runs.Add(new BundleRun { Offset = (ulong)i * blockSize, Length = blockSize, Base = found[i] });
            }
        }

        return runs;
    }
}
