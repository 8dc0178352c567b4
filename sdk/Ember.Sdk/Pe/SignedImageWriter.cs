using System;
using System.Buffers.Binary;
using System.IO;
using System.Security.Cryptography;
using Ember.Sdk.Output;
using Ember.Sdk.Signing;

namespace Ember.Sdk.Pe;

/// <summary>Signs an image while it is written, in pieces: one of a kernel and more is never whole in memory.</summary>
internal sealed class SignedImageWriter : IDisposable
{
    private const int BufferSize = 1 << 20;

    private readonly PeImage _image;
    private readonly AtomicFile _output;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _buffer = new byte[BufferSize];
    private int _filled;
    private ulong _sum;
    private long _flushed;

    /// <summary>Begins an image.</summary>
    /// <param name="image">The image that it begins as, for where in the header things stand.</param>
    /// <param name="head">What it begins with: <see cref="PeSections.Announce"/>'s answer.</param>
    /// <param name="output">Where it goes.</param>
    public SignedImageWriter(PeImage image, byte[] head, AtomicFile output)
    {
        _image = image;
        _output = output;
        head.AsSpan(image.ChecksumPosition, sizeof(uint)).Clear();
        Authenticode.AppendHead(_hash, head, image);
        Write(head);
    }

    /// <summary>Appends bytes.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int count = Math.Min(bytes.Length, BufferSize - _filled);
            bytes[..count].CopyTo(_buffer.AsSpan(_filled));
            Advance(count);
            bytes = bytes[count..];
        }
    }

    /// <summary>Appends all there is to read.</summary>
    public void Append(Stream content)
    {
        for (int count = content.Read(_buffer.AsSpan(_filled)); count > 0; count = content.Read(_buffer.AsSpan(_filled)))
        {
            Advance(count);
        }
    }

    /// <summary>Signs what was appended, which together is a multiple of eight bytes, and puts the signature behind it.</summary>
    /// <param name="name">The request's name.</param>
    /// <param name="key">The key.</param>
    /// <exception cref="EmberException">The key does not sign (exit code 3), or the image cannot be written (3).</exception>
    public void Finish(string name, ISigningKey key)
    {
        Flush();
        byte[] digest = _hash.GetHashAndReset();
        byte[] signature = key.Sign(new SigningRequest(name, AuthenticodeMessage.Attributes(digest)));
        byte[] entry = Authenticode.Entry(AuthenticodeMessage.Write(digest, key.Certificate, signature));
        byte[] directory = new byte[8];
        BinaryPrimitives.WriteUInt32LittleEndian(directory, (uint)_flushed);
        BinaryPrimitives.WriteInt32LittleEndian(directory.AsSpan(4), entry.Length);
        Write(entry);
        _output.WriteAt(_image.CertificateDirectoryPosition, directory);

        byte[] checksum = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(checksum, PeChecksum.Of(_sum + PeChecksum.Sum(directory), _flushed));
        _output.WriteAt(_image.ChecksumPosition, checksum);
    }

    /// <inheritdoc/>
    public void Dispose() => _hash.Dispose();

    private void Advance(int count)
    {
        _filled += count;
        if (_filled == BufferSize)
        {
            Flush();
        }
    }

    private void Flush()
    {
        ReadOnlySpan<byte> piece = _buffer.AsSpan(0, _filled);
        _hash.AppendData(piece);
        Write(piece);
        _filled = 0;
    }

    private void Write(ReadOnlySpan<byte> piece)
    {
        _sum += PeChecksum.Sum(piece);
        _output.WriteAt(_flushed, piece);
        _flushed += piece.Length;
    }
}
