using System;
using System.Collections.Immutable;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Ember.Formats.Signatures;
using Ember.Sdk.Pe;

namespace Ember.Sdk.Signing;

/// <summary>What a file that has to do with keys is.</summary>
/// <param name="Kind">In a few words.</param>
/// <param name="KeyId">SHA-256 of the RSA modulus, in lower-case hexadecimal: of the key, or of the one that signed.</param>
public sealed record KeyDescription(string Kind, string KeyId)
{
    /// <summary>Bits of the modulus; null where only the key's identity is known.</summary>
    public int? Bits { get; init; }

    /// <summary>Whom the certificate names; null without one.</summary>
    public string? Subject { get; init; }

    /// <summary>The first second the certificate is valid in.</summary>
    public DateTimeOffset? ValidFrom { get; init; }

    /// <summary>The last one.</summary>
    public DateTimeOffset? ValidTo { get; init; }

    /// <summary>True: marked as not to be released with; null where that cannot be known.</summary>
    public bool? IsTestKey { get; init; }

    /// <summary>What the key may be used for; empty for what signs nothing.</summary>
    public ImmutableArray<KeyUse> Uses { get; init; } = [];

    /// <summary>Looks at a file: a private key, certificates, or both in PEM, a certificate in DER, PKCS #12, the loader's key, a bank's
    /// signature, or an EFI application.</summary>
    /// <param name="path">The file.</param>
    /// <param name="password">Asked for the password of what is encrypted.</param>
    /// <param name="time">When it is to be used; null where there is no clock.</param>
    /// <exception cref="EmberException">It is nothing of these, or damaged (exit code 2), or its signature is (1).</exception>
    public static KeyDescription Read(string path, Func<string?> password, DateTimeOffset? time)
    {
        byte[] start = KeyFileText.ReadStart(path);
        return start switch
        {
            [(byte)'M', (byte)'Z', ..] => OfApplication(PeImage.Read(path)),
            [(byte)'E', (byte)'M', (byte)'B', (byte)'R', ..] => OfStructure(path),
            [0x30, >= 0x80, ..] => OfBinary(path, password, time),
            _ => OfText(path, password, time),
        };
    }

    private static KeyDescription OfApplication(PeImage image)
    {
        X509Certificate2 signer = AuthenticodeSignature.Read(image)?.Signer
            ?? throw new EmberException(ErrorKind.Input, $"{image.Path}: an EFI application without a signature");
        using SigningCertificate certificate = SigningCertificate.Of(image.Path, [signer]);
        return Of("signed EFI application", certificate) with { Uses = [] };
    }

    private static KeyDescription OfStructure(string path)
    {
        byte[] bytes = KeyFileText.ReadBytes(path);
        SignatureStatus status = RsaPublicKey.TryRead(bytes, out RsaPublicKey key);
        if (status == SignatureStatus.Good)
        {
            return new KeyDescription("public key as the loader has it", Convert.ToHexStringLower(key.KeyId))
            {
                Bits = key.Modulus.Length * 8,
                IsTestKey = key.Flags.HasFlag(RsaKeyFlags.Test),
            };
        }

        return BankSignature.TryRead(bytes, out BankSignature signature) == SignatureStatus.Good
            ? new KeyDescription("signature of a bank", Convert.ToHexStringLower(signature.KeyId))
            : throw new EmberException(ErrorKind.Input, $"{path}: neither a loader's key nor a bank's signature, or a damaged one");
    }

    private static KeyDescription OfBinary(string path, Func<string?> password, DateTimeOffset? time)
    {
        if (KeyFileText.IsCertificate(path))
        {
            using SigningCertificate certificate = SigningCertificate.Read(path);
            return Of("certificate", certificate, time);
        }

        using RsaSigningKey key = RsaSigningKey.OpenPkcs12(path, password);
        return Of("PKCS #12: private key and certificate", key.Certificate, time);
    }

    private static KeyDescription OfText(string path, Func<string?> password, DateTimeOffset? time)
    {
        string text = KeyFileText.Read(path);
        bool hasKey = KeyFileText.Find(text, "PRIVATE KEY") is not null;
        if (KeyFileText.Find(text, "CERTIFICATE") is null)
        {
            if (!text.Contains("PRIVATE KEY", StringComparison.Ordinal))
            {
                throw new EmberException(ErrorKind.Input, $"{path}: neither a key nor a certificate nor anything signed with one");
            }

            using RSA key = RsaSigningKey.ReadKey(path, password);
            byte[] modulus = key.ExportParameters(includePrivateParameters: false).Modulus!;
            return new KeyDescription("private key without a certificate", Convert.ToHexStringLower(SHA256.HashData(modulus)))
            {
                Bits = key.KeySize,
            };
        }

        if (!hasKey)
        {
            using SigningCertificate certificate = SigningCertificate.Read(path);
            return Of("certificate", certificate, time);
        }

        using RsaSigningKey both = RsaSigningKey.OpenPem(path, path, password);
        return Of("private key and certificate", both.Certificate, time);
    }

    private static KeyDescription Of(string kind, SigningCertificate certificate, DateTimeOffset? time = null) =>
        new(kind, certificate.KeyId)
        {
            Bits = certificate.Bits,
            Subject = certificate.Leaf.Subject,
            ValidFrom = certificate.ValidFrom,
            ValidTo = certificate.ValidTo,
            IsTestKey = certificate.IsTestKey,
            Uses = [.. Enum.GetValues<SigningPurpose>().Select(purpose => new KeyUse(purpose, [.. certificate.Problems(purpose, time)]))],
        };
}
