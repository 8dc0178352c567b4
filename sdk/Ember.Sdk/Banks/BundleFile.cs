using System;
using System.IO;
using System.Text;
using Ember.Formats.Banks;
using Ember.Formats.Bundles;
using Ember.Formats.Signatures;

namespace Ember.Sdk.Banks;

/// <summary>An update bundle whose head has been checked.</summary>
public sealed class BundleFile : IDisposable
{
    private readonly FileStream _stream;
    private readonly byte[] _head;

    private BundleFile(string path, FileStream stream, byte[] head, in Bundle bundle)
    {
        Path = path;
        _stream = stream;
        _head = head;
        Manifest = bundle.Manifest.ToArray();
        Signature = bundle.Signature.ToArray();
        VolumeLength = (long)bundle.Header.VolumeLength;
        Length = (long)bundle.Header.TotalLength;
    }

    /// <summary>What messages call it.</summary>
    public string Path { get; }

    /// <summary>The manifest of the bank.</summary>
    public byte[] Manifest { get; }

    /// <summary>The signature of the manifest.</summary>
    public byte[] Signature { get; }

    /// <summary>Bytes of the bundle.</summary>
    public long Length { get; }

    /// <summary>Bytes of the volume: the least a partition must have.</summary>
    public long VolumeLength { get; }

    /// <summary>The head.</summary>
    public Bundle Head
    {
        get
        {
            Bundle.TryRead(_head, (ulong)_stream.Length, out Bundle bundle);
            return bundle;
        }
    }

    /// <summary>Opens a bundle.</summary>
    /// <exception cref="EmberException">It is not there, or is no bundle (exit code 2).</exception>
    public static BundleFile Open(string path)
    {
        FileStream stream;
        try
        {
            stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EmberException(ErrorKind.Input, $"{path}: cannot be opened: {e.Message}", e);
        }

        try
        {
            return Read(path, stream);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Requires that the bank is one that a loader would start.</summary>
    /// <param name="vendorKey">The key that the loader trusts: the content of its section.</param>
    /// <exception cref="EmberException">It is not (exit code 1).</exception>
    public void RequireSignature(ReadOnlySpan<byte> vendorKey)
    {
        SignatureStatus status = RsaPublicKey.TryRead(vendorKey, out RsaPublicKey key);
        if (status != SignatureStatus.Good)
        {
            throw Bad($"the loader's key on the other side is not one: {Encoding.ASCII.GetString(SignatureStatusText.Of(status))}");
        }

        status = BankSignature.Verify(Signature, in key, Manifest);
        if (status != SignatureStatus.Good)
        {
            throw Bad($"its signature: {Encoding.ASCII.GetString(SignatureStatusText.Of(status))}; the key would refuse this bank");
        }
    }

    /// <summary>Reads a part of the bundle.</summary>
    internal void Read(long position, Span<byte> bytes)
    {
        try
        {
            _stream.Position = position;
            _stream.ReadExactly(bytes);
        }
        catch (IOException e)
        {
            throw new EmberException(ErrorKind.Host, $"{Path}: cannot be read at byte {position}: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    private static BundleFile Read(string path, FileStream stream)
    {
        byte[] head = new byte[Math.Min(Bundle.MaximumHeadLength, stream.Length)];
        stream.ReadExactly(head);
        BundleStatus status = Bundle.TryRead(head, (ulong)stream.Length, out Bundle bundle);
        if (status != BundleStatus.Good)
        {
            throw new EmberException(
                ErrorKind.Input, $"{path}: {Encoding.ASCII.GetString(BundleStatusText.Of(status))}; 'ember build' writes bundles");
        }

        BankManifestStatus manifest = BankManifest.TryRead(bundle.Manifest, out _);
        if (manifest != BankManifestStatus.Good)
        {
            throw new EmberException(
                ErrorKind.Input, $"{path}: bank.manifest: {Encoding.ASCII.GetString(BankManifestStatusText.Of(manifest))}");
        }

        return new BundleFile(path, stream, head, in bundle);
    }

    private EmberException Bad(string what) => new(ErrorKind.Checked, $"{Path}: {what}");
}
