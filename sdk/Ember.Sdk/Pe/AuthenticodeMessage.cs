using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Ember.Sdk.Signing;

namespace Ember.Sdk.Pe;

/// <summary>
/// The PKCS #7 message of a signature (RFC 2315, with Microsoft's content in it: not wrapped in an OCTET STRING, as CMS would have it).
/// DER throughout, so that there is one way to write it.
/// </summary>
internal static class AuthenticodeMessage
{
    public const string IndirectData = "1.3.6.1.4.1.311.2.1.4";
    public const string PeImageData = "1.3.6.1.4.1.311.2.1.15";
    public const string Sha256 = "2.16.840.1.101.3.4.2.1";

    private const string SignedData = "1.2.840.113549.1.7.2";
    private const string ContentType = "1.2.840.113549.1.9.3";
    private const string MessageDigest = "1.2.840.113549.1.9.4";
    private const string RsaEncryption = "1.2.840.113549.1.1.1";

    private static readonly Asn1Tag _zero = new(TagClass.ContextSpecific, 0, isConstructed: true);
    private static readonly Asn1Tag _two = new(TagClass.ContextSpecific, 2, isConstructed: true);

    /// <summary>The attributes that are signed, as they are signed: what is signed, and its digest.</summary>
    /// <param name="digest">Of the image.</param>
    public static byte[] Attributes(byte[] digest)
    {
        AsnWriter writer = new(AsnEncodingRules.DER);
        WriteAttributes(writer, Asn1Tag.SetOf, digest);
        return writer.Encode();
    }

    /// <summary>The whole message.</summary>
    /// <param name="digest">Of the image.</param>
    /// <param name="certificate">Of the key that signed, all of whose chain goes in.</param>
    /// <param name="signature">The signature of <see cref="Attributes"/>.</param>
    public static byte[] Write(byte[] digest, SigningCertificate certificate, byte[] signature)
    {
        AsnWriter writer = new(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(SignedData);
            using (writer.PushSequence(_zero))
            using (writer.PushSequence())
            {
                writer.WriteInteger(1);
                using (writer.PushSetOf())
                {
                    WriteAlgorithm(writer, Sha256);
                }

                using (writer.PushSequence())
                {
                    writer.WriteObjectIdentifier(IndirectData);
                    using (writer.PushSequence(_zero))
                    using (writer.PushSequence())
                    {
                        WriteContent(writer, digest);
                    }
                }

                using (writer.PushSetOf(_zero))
                {
                    foreach (X509Certificate2 each in certificate.Chain)
                    {
                        writer.WriteEncodedValue(each.RawData);
                    }
                }

                using (writer.PushSetOf())
                {
                    WriteSigner(writer, digest, certificate.Leaf, signature);
                }
            }
        }

        return writer.Encode();
    }

    private static void WriteSigner(AsnWriter writer, byte[] digest, X509Certificate2 certificate, byte[] signature)
    {
        using (writer.PushSequence())
        {
            writer.WriteInteger(1);
            using (writer.PushSequence())
            {
                writer.WriteEncodedValue(certificate.IssuerName.RawData);
                writer.WriteInteger(certificate.SerialNumberBytes.Span);
            }

            WriteAlgorithm(writer, Sha256);
            WriteAttributes(writer, _zero, digest);
            WriteAlgorithm(writer, RsaEncryption);
            writer.WriteOctetString(signature);
        }
    }

    /// <summary>SpcIndirectDataContent without its own tag and length, which the digest of it leaves out too.</summary>
    private static void WriteContent(AsnWriter writer, byte[] digest)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(PeImageData);
            using (writer.PushSequence())
            {
                writer.WriteBitString([]);

                // A link to a file that nobody reads; every signer writes the same.
                using (writer.PushSequence(_zero))
                using (writer.PushSequence(_two))
                {
                    writer.WriteCharacterString(
                        UniversalTagNumber.BMPString, "<<<Obsolete>>>", new Asn1Tag(TagClass.ContextSpecific, 0));
                }
            }
        }

        using (writer.PushSequence())
        {
            WriteAlgorithm(writer, Sha256);
            writer.WriteOctetString(digest);
        }
    }

    private static void WriteAttributes(AsnWriter writer, Asn1Tag tag, byte[] digest)
    {
        AsnWriter content = new(AsnEncodingRules.DER);
        WriteContent(content, digest);
        using (writer.PushSetOf(tag))
        {
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier(ContentType);
                using (writer.PushSetOf())
                {
                    writer.WriteObjectIdentifier(IndirectData);
                }
            }

            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier(MessageDigest);
                using (writer.PushSetOf())
                {
                    writer.WriteOctetString(SHA256.HashData(content.Encode()));
                }
            }
        }
    }

    private static void WriteAlgorithm(AsnWriter writer, string algorithm)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(algorithm);
            writer.WriteNull();
        }
    }
}
