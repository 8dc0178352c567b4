using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Ember.Formats.Signatures;

namespace Ember.Sdk.Signing;

/// <summary>The certificate of an RSA key and those above it, and what the key may be used for.</summary>
public sealed class SigningCertificate : IDisposable
{
    private const string RsaEncryption = "1.2.840.113549.1.1.1";
    private const string CodeSigning = "1.3.6.1.5.5.7.3.3";
    private const string AnyUse = "2.5.29.37.0";

    private readonly RSAParameters _publicKey;
    private readonly DateTime _validFrom;
    private readonly DateTime _validTo;
    private readonly bool _isForCode = true;
    private readonly bool _isForSignatures = true;

    private SigningCertificate(string name, X509Certificate2[] chain)
    {
        Name = name;
        Chain = chain;
        try
        {
            using RSA key = PublicKeyOf(Leaf) ?? throw Unsupported(name, Leaf.PublicKey.Oid);
            Bits = key.KeySize;
            _publicKey = key.ExportParameters(includePrivateParameters: false);
            _validFrom = Leaf.NotBefore.ToUniversalTime();
            _validTo = Leaf.NotAfter.ToUniversalTime();
            foreach (X509Extension extension in Leaf.Extensions)
            {
                _isForCode &= extension is not X509EnhancedKeyUsageExtension uses
                    || uses.EnhancedKeyUsages.Cast<Oid>().Any(oid => oid.Value is CodeSigning or AnyUse);
                _isForSignatures &= extension is not X509KeyUsageExtension usage
                    || usage.KeyUsages.HasFlag(X509KeyUsageFlags.DigitalSignature);
            }
        }
        catch (CryptographicException e)
        {
            throw KeyFileText.Damaged(name, "certificate", e);
        }
    }

    /// <summary>Where it comes from, as messages name it.</summary>
    public string Name { get; }

    /// <summary>The key's own certificate, then each one's issuer as far as they are known, then any others.</summary>
    public IReadOnlyList<X509Certificate2> Chain { get; }

    /// <summary>The key's own certificate.</summary>
    public X509Certificate2 Leaf => Chain[0];

    /// <summary>The modulus, big-endian, without a zero in front.</summary>
    public ReadOnlySpan<byte> Modulus => _publicKey.Modulus;

    /// <summary>SHA-256 of the modulus in lower-case hexadecimal; loader and banks name the key so.</summary>
    public string KeyId => Convert.ToHexStringLower(SHA256.HashData(Modulus));

    /// <summary>The first second it is valid in, in UTC.</summary>
    public DateTimeOffset ValidFrom => _validFrom;

    /// <summary>The last second it is valid in, in UTC.</summary>
    public DateTimeOffset ValidTo => _validTo;

    /// <summary>Bits of the modulus.</summary>
    public int Bits { get; }

    /// <summary>True: a key that <c>ember keys new</c> made, not to be released with.</summary>
    public bool IsTestKey => Leaf.Extensions[TestKeyPair.Marking] is not null;

    /// <summary>Takes the certificate of a key and orders those above it.</summary>
    /// <param name="name">Where they come from, as messages name it.</param>
    /// <param name="certificates">All there are, in any order. They belong to the result from now on.</param>
    /// <param name="publicKey">The key's public half; null where the key is not at hand: then the first certificate counts.</param>
    /// <exception cref="EmberException">There is none, or none of this key, or it is of no RSA key (exit code 2).</exception>
    public static SigningCertificate Of(string name, IReadOnlyList<X509Certificate2> certificates, RSAParameters? publicKey = null)
    {
        if (certificates.Count == 0)
        {
            throw new EmberException(ErrorKind.Input, $"{name}: no certificate in it; give one that holds the key's certificate");
        }

        X509Certificate2? leaf = publicKey is null
            ? certificates[0]
            : certificates.FirstOrDefault(certificate => Holds(certificate, publicKey.Value.Modulus!));
        if (leaf is null)
        {
            throw new EmberException(
                ErrorKind.Input, $"{name}: the certificate is not that of the key; give the one that was issued for this key");
        }

        return new SigningCertificate(name, Ordered(leaf, certificates));
    }

    /// <summary>Reads the certificates of a PEM file, the key's own first.</summary>
    /// <exception cref="EmberException">It is not there, or has none (exit code 2).</exception>
    public static SigningCertificate Read(string path) => Of(path, KeyFileText.ReadCertificates(path));

    /// <summary>Why the key may not be used for something; empty when it may.</summary>
    /// <param name="purpose">What for.</param>
    /// <param name="time">When, to be compared with the certificate's validity; null where there is no clock.</param>
    /// <returns>What is wrong and how to mend it, one sentence each.</returns>
    public IEnumerable<string> Problems(SigningPurpose purpose, DateTimeOffset? time)
    {
        int least = purpose == SigningPurpose.Bank ? RsaPublicKey.MinimumLength * 8 : 2048;
        string use = purpose == SigningPurpose.Bank ? "a bank" : "loader and core";
        if (Bits < least)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture, $"the key has {Bits} bits, too short for {use}; use one of {least} bits or more");
        }
        else if (purpose == SigningPurpose.Bank && (Bits > RsaPublicKey.MaximumLength * 8 || Bits % (RsaPublicKey.LengthGranule * 8) != 0))
        {
            yield return string.Create(
                CultureInfo.InvariantCulture, $"the key has {Bits} bits; the loader takes 3072 to 4096, a multiple of 64");
        }

        if (purpose == SigningPurpose.Bank && !_publicKey.Exponent.AsSpan().SequenceEqual((ReadOnlySpan<byte>)[1, 0, 1]))
        {
            yield return "the key's public exponent is not 65537; the loader knows no other: make another key";
        }

        if (!_isForCode)
        {
            yield return "the certificate is not for code signing (extended key usage); have one issued that is";
        }

        if (!_isForSignatures)
        {
            yield return "the certificate is not for digital signatures (key usage); have one issued that is";
        }

        if (time > _validTo)
        {
            yield return $"the certificate expired on {Date(_validTo)}; renew it, or set SOURCE_DATE_EPOCH to the release's time";
        }
        else if (time < _validFrom)
        {
            yield return $"the certificate is valid from {Date(_validFrom)} on only; check the clock or SOURCE_DATE_EPOCH";
        }
    }

    /// <summary>Requires that the key may be used for something.</summary>
    /// <param name="purpose">What for.</param>
    /// <param name="time">When; null where there is no clock.</param>
    /// <exception cref="EmberException">It may not: the first of <see cref="Problems"/> (exit code 2).</exception>
    public void Require(SigningPurpose purpose, DateTimeOffset? time)
    {
        if (Problems(purpose, time).FirstOrDefault() is string problem)
        {
            throw new EmberException(ErrorKind.Input, $"{Name}: {problem}");
        }
    }

    /// <summary>Whether a signature is one of a request by this key.</summary>
    public bool IsSignature(SigningRequest request, byte[] signature) => IsSignature(request.Digest, signature);

    /// <summary>Whether a signature is one by this key of what has the SHA-256 <paramref name="digest"/>.</summary>
    public bool IsSignature(byte[] digest, byte[] signature)
    {
        using RSA rsa = RSA.Create(_publicKey);
        return rsa.VerifyHash(digest, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (X509Certificate2 certificate in Chain)
        {
            certificate.Dispose();
        }
    }

    internal static EmberException Unsupported(string name, Oid algorithm) =>
        Unsupported(name, algorithm.FriendlyName ?? algorithm.Value!);

    internal static EmberException Unsupported(string name, string algorithm) =>
        new(ErrorKind.Input, $"{name}: a key for {algorithm}; only RSA keys sign images: use one");

    private static RSA? PublicKeyOf(X509Certificate2 certificate) =>
        certificate.PublicKey.Oid.Value == RsaEncryption ? certificate.GetRSAPublicKey() : null;

    private static bool Holds(X509Certificate2 certificate, byte[] modulus)
    {
        using RSA? key = PublicKeyOf(certificate);
        return key is not null && key.ExportParameters(includePrivateParameters: false).Modulus.AsSpan().SequenceEqual(modulus);
    }

    private static X509Certificate2[] Ordered(X509Certificate2 leaf, IReadOnlyList<X509Certificate2> certificates)
    {
        List<X509Certificate2> ordered = [leaf];
        List<X509Certificate2> rest = [.. certificates.Where(certificate => certificate != leaf)];
        while (rest.Find(above => above.SubjectName.RawData.AsSpan().SequenceEqual(ordered[^1].IssuerName.RawData)) is { } next)
        {
            ordered.Add(next);
            rest.Remove(next);
        }

        return [.. ordered, .. rest];
    }

    private static string Date(DateTime time) => time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
