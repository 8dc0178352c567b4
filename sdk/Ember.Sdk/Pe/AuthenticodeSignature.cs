using System;
using System.Buffers.Binary;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;

namespace Ember.Sdk.Pe;

/// <summary>The signature that an image carries, read by .NET's own reader of CMS and not by what wrote it.</summary>
public sealed class AuthenticodeSignature
{
    private readonly PeImage _image;
    private readonly SignedCms _message;
    private readonly byte[] _digest;

    private AuthenticodeSignature(PeImage image, SignedCms message, byte[] digest)
    {
        _image = image;
        _message = message;
        _digest = digest;
    }

    /// <summary>The certificate of the key that signed, as the signature has it.</summary>
    public X509Certificate2 Signer => _message.SignerInfos[0].Certificate!;

    /// <summary>The digest that is signed.</summary>
    public ReadOnlyMemory<byte> Digest => _digest;

    /// <summary>Reads the signature of an image; null when it has none.</summary>
    /// <exception cref="EmberException">
    /// What is there is damaged, or something else than one signature by SHA-256 (exit code 1).
    /// </exception>
    public static AuthenticodeSignature? Read(PeImage image)
    {
        if (image.CertificateTable.Size == 0)
        {
            return null;
        }

        ReadOnlySpan<byte> table = image.Bytes.AsSpan()[image.CertificateTable.RelativeVirtualAddress..];
        // Some programs count the padding to a multiple of eight, some do not.
        if (table.Length < Authenticode.EntryHeaderSize
            || BinaryPrimitives.ReadUInt32LittleEndian(table) is uint length
                && (length > (uint)table.Length || table.Length - length >= Authenticode.Alignment)
            || BinaryPrimitives.ReadUInt16LittleEndian(table[4..]) != Authenticode.EntryRevision
            || BinaryPrimitives.ReadUInt16LittleEndian(table[6..]) != Authenticode.EntryPkcs)
        {
            throw Bad(image, "the signature is not one whole PKCS #7 signature");
        }

        try
        {
            AsnDecoder.ReadEncodedValue(table[Authenticode.EntryHeaderSize..], AsnEncodingRules.BER, out _, out _, out int messageLength);
            SignedCms message = new();
            message.Decode(table.Slice(Authenticode.EntryHeaderSize, messageLength));
            return message.ContentInfo.ContentType.Value != AuthenticodeMessage.IndirectData
                || message.SignerInfos.Count != 1
                || message.SignerInfos[0].Certificate is null
                ? throw Bad(image, "the signature is not one signer's, with a certificate, of an image")
                : new AuthenticodeSignature(image, message, ReadDigest(image, message.ContentInfo.Content));
        }
        catch (Exception e) when (e is CryptographicException or AsnContentException)
        {
            throw new EmberException(ErrorKind.Checked, $"{image.Path}: the signature is damaged: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }

    /// <summary>Whether the signature holds.</summary>
    /// <param name="trusted">The certificate that firmware is given: the signer's own, or one that issued it.</param>
    /// <returns>Why it does not, in one sentence; null when it does.</returns>
    public string? Problem(X509Certificate2 trusted)
    {
        if (!Authenticode.Digest(_image).AsSpan().SequenceEqual(_digest))
        {
            return $"{_image.Path}: was changed after it was signed; take the original, or sign it again";
        }

        try
        {
            _message.CheckSignature(verifySignatureOnly: true);
            return IsBelow(trusted)
                ? null
                : $"{_image.Path}: signed by '{Signer.Subject}', which is not, and was not issued by, '{trusted.Subject}'; "
                    + "sign it with that key";
        }
        catch (CryptographicException e)
        {
            return $"{_image.Path}: the signature is wrong: {e.Message.ReplaceLineEndings(" ")}; sign it again";
        }
    }

    /// <summary>The signer is the trusted one, or its chain ends there; when, does not count: firmware has no clock to trust.</summary>
    private bool IsBelow(X509Certificate2 trusted)
    {
        if (Signer.RawDataMemory.Span.SequenceEqual(trusted.RawDataMemory.Span))
        {
            return true;
        }

        using X509Chain chain = new();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(trusted);
        chain.ChainPolicy.ExtraStore.AddRange(_message.Certificates);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTime = Signer.NotBefore;
        chain.ChainPolicy.VerificationFlags = X509VerificationFlags.IgnoreNotTimeValid;
        return chain.Build(Signer);
    }

    /// <summary>The digest in SpcIndirectDataContent. The reader gives what follows the tag and length, or all of it.</summary>
    private static byte[] ReadDigest(PeImage image, byte[] content)
    {
        AsnReader reader = new AsnReader(content, AsnEncodingRules.DER).ReadSequence();
        if (reader.ReadSequence().ReadObjectIdentifier() != AuthenticodeMessage.PeImageData)
        {
            throw Bad(image, "the signature is not one of an image");
        }

        AsnReader digestInfo = reader.ReadSequence();
        return digestInfo.ReadSequence().ReadObjectIdentifier() == AuthenticodeMessage.Sha256
            ? digestInfo.ReadOctetString()
            : throw Bad(image, "the signature is not one of a SHA-256 digest");
    }

    private static EmberException Bad(PeImage image, string what) => new(ErrorKind.Checked, $"{image.Path}: {what}; sign it again");
}
