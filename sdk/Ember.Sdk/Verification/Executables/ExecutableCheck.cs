using System;
using System.Buffers.Binary;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using Ember.Sdk.Verification.Rules;

namespace Ember.Sdk.Verification.Executables;

/// <summary>Checks loader and core, and what the firmware's Secure Boot looks at.</summary>
/// <param name="trusted">The certificate that the firmware trusts; null for any.</param>
internal sealed class ExecutableCheck(X509Certificate2? trusted, Findings findings)
{
    private const string IndirectData = "1.3.6.1.4.1.311.2.1.4";
    private const string ImageData = "1.3.6.1.4.1.311.2.1.15";
    private const string Sha256 = "2.16.840.1.101.3.4.2.1";
    private const int EntryHeader = 8;

    /// <summary>Checks a file.</summary>
    /// <param name="bytes">All of it.</param>
    /// <param name="place">Where it is.</param>
    /// <param name="signer">The certificate of the key that signed it; null where there is none.</param>
    /// <returns>The file; null when it is no EFI application.</returns>
    public EfiFile? Run(byte[] bytes, Place place, out X509Certificate2? signer)
    {
        signer = null;
        if (EfiFile.TryRead(bytes, out EfiFile? file) is { } problem)
        {
            findings.Add(BankRules.Executable, place, problem);
            return null;
        }

        (uint expected, uint stated) = file!.Checksum();
        findings.Require(expected == stated, BankRules.Checksum, place, $"it is {stated:X8} and should be {expected:X8}");
        if (findings.Require(!file.Certificates.IsEmpty, BankRules.Signed, place, $"it is not signed"))
        {
            signer = CheckSignature(file, place);
        }

        return file;
    }

    private X509Certificate2? CheckSignature(EfiFile file, Place place)
    {
        try
        {
            SignedCms message = Decode(file.Certificates);
            SignerInfoCollection signers = message.SignerInfos;
            if (signers.Count != 1 || signers[0].Certificate is not { } signer)
            {
                findings.Add(BankRules.SignatureForm, place,
                    FormattableString.Invariant($"it has {signers.Count} signers, or no certificate"));
                return null;
            }

            byte[] signed = ReadDigest(message.ContentInfo);
            findings.Require(signed.AsSpan().SequenceEqual(file.Digest()), BankRules.Digest, place,
                $"it has SHA-256 {Convert.ToHexStringLower(file.Digest())}, and {Convert.ToHexStringLower(signed)} was signed");
            CheckSigner(message, signer, place);
            return signer;
        }
        catch (Exception e) when (e is CryptographicException or AsnContentException)
        {
            findings.Add(BankRules.SignatureForm, place, e.Message.ReplaceLineEndings(" "));
            return null;
        }
    }

    private void CheckSigner(SignedCms message, X509Certificate2 signer, Place place)
    {
        try
        {
            message.CheckSignature(verifySignatureOnly: true);
        }
        catch (CryptographicException e)
        {
            findings.Add(BankRules.SignatureHolds, place, e.Message.ReplaceLineEndings(" "));
        }

        findings.Require(trusted is null || IsUnder(trusted, message, signer), BankRules.Trusted, place,
            $"it is signed by {signer.Subject}");
    }

    private static SignedCms Decode(ReadOnlySpan<byte> table)
    {
        if (table.Length < EntryHeader
            || BinaryPrimitives.ReadUInt32LittleEndian(table) is var length
                && (length > (uint)table.Length || table.Length - length >= EntryHeader)
            || BinaryPrimitives.ReadUInt32LittleEndian(table[4..]) != 0x0002_0200)
        {
            throw new CryptographicException("The certificate table is not one whole PKCS #7 signature.");
        }

        ReadOnlySpan<byte> rest = table[EntryHeader..];
        AsnDecoder.ReadEncodedValue(rest, AsnEncodingRules.BER, out _, out _, out int consumed);
        SignedCms message = new();
        message.Decode(rest[..consumed]);
        return message;
    }

    /// <summary>The digest in SpcIndirectDataContent.</summary>
    private static byte[] ReadDigest(ContentInfo content)
    {
        AsnReader reader = new AsnReader(content.Content, AsnEncodingRules.DER).ReadSequence();
        if (content.ContentType.Value != IndirectData || reader.ReadSequence().ReadObjectIdentifier() != ImageData)
        {
            throw new CryptographicException("It is not a signature of an image.");
        }

        AsnReader digest = reader.ReadSequence();
        return digest.ReadSequence().ReadObjectIdentifier() == Sha256
            ? digest.ReadOctetString()
            : throw new CryptographicException("It is not a signature by SHA-256.");
    }

    /// <summary>Whether a chain leads from the signer to the trusted certificate; when, does not count, for firmware has no clock to
    /// trust.</summary>
    private static bool IsUnder(X509Certificate2 trusted, SignedCms message, X509Certificate2 signer)
    {
        if (signer.RawDataMemory.Span.SequenceEqual(trusted.RawDataMemory.Span))
        {
            return true;
        }

        using X509Chain chain = new();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(trusted);
        chain.ChainPolicy.ExtraStore.AddRange(message.Certificates);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTime = signer.NotBefore;
        chain.ChainPolicy.VerificationFlags = X509VerificationFlags.IgnoreNotTimeValid;
        return chain.Build(signer);
    }
}
