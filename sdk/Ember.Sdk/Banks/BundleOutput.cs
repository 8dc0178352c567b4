using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Threading;
using Ember.Formats.Bundles;
using Ember.Sdk.Output;

namespace Ember.Sdk.Banks;

/// <summary>A bundle that is being written: it appears whole or not at all.</summary>
internal sealed class BundleOutput : IDisposable
{
    private readonly AtomicFile _file;
    private readonly CancellationToken _cancellation;
    private readonly byte[] _head;
    private readonly IncrementalHash _content = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private BundleHeader _header;
    private long _position;

    /// <summary>Begins one.</summary>
    /// <param name="path">Where it goes.</param>
    /// <param name="manifest">The manifest of the bank.</param>
    /// <param name="signature">Its signature.</param>
    /// <param name="volumeLength">Bytes of the volume.</param>
    /// <param name="runs">The runs, in ascending order.</param>
    /// <param name="baseManifest">The manifest of the base; empty for none.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="EmberException">The file cannot be made there.</exception>
    public BundleOutput(
        string path,
        ReadOnlySpan<byte> manifest,
        ReadOnlySpan<byte> signature,
        long volumeLength,
        IReadOnlyList<BundleRun> runs,
        ReadOnlySpan<byte> baseManifest,
        CancellationToken cancellation)
    {
        _cancellation = cancellation;
        _head = [.. new byte[BundleHeader.Size], .. manifest, .. signature, .. MemoryMarshal.AsBytes<BundleRun>(runs.ToArray())];
        _position = _head.Length;
        _header = new BundleHeader
        {
            Magic = BundleHeader.MagicValue,
            Version = BundleHeader.CurrentVersion,
            ManifestLength = (uint)manifest.Length,
            SignatureLength = (uint)signature.Length,
            RunCount = (uint)runs.Count,
            VolumeLength = (ulong)volumeLength,
            TotalLength = (ulong)_head.Length
                + (ulong)runs.Where(run => run.Base == BundleRun.InBundle).Sum(run => (long)run.Length),
        };
        if (!baseManifest.IsEmpty)
        {
            SHA256.HashData(baseManifest, _header.Base);
        }

        MemoryMarshal.Write(_head, _header);
        _content.AppendData(_head.AsSpan(BundleHeader.CheckedOffset));
        _file = AtomicFile.Create(path);
    }

    /// <summary>Writes the next bytes of a run.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        _file.WriteAt(_position, bytes);
        _position += bytes.Length;
        Skip(bytes);
    }

    /// <summary>Goes over the next bytes of a run that lie in the base.</summary>
    public void Skip(ReadOnlySpan<byte> bytes)
    {
        _cancellation.ThrowIfCancellationRequested();
        _content.AppendData(bytes);
    }

    /// <summary>Ends the bundle.</summary>
    public void Commit()
    {
        _content.GetHashAndReset(_header.Content);
        MemoryMarshal.Write(_head, _header);
        _file.WriteAt(0, _head);
        _file.Commit();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _content.Dispose();
        _file.Dispose();
    }
}
