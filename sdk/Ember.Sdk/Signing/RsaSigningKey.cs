using System;
using System.Collections.Generic;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;

namespace Ember.Sdk.Signing;

/// <summary>A key that comes from a file: PEM, encrypted or not, or PKCS #12.</summary>
public sealed class RsaSigningKey : ISigningKey
{
    private const string RsaEncryption = "1.2.840.113549.1.1.1";

    private readonly RSA _key;

    private RsaSigningKey(RSA key, SigningCertificate certificate)
    {
        _key = key;
        Certificate = certificate;
    }

    /// <inheritdoc/>
    public SigningCertificate Certificate { get; }

    /// <summary>Opens a key in PEM: PKCS #8, encrypted or not, or PKCS #1.</summary>
    /// <param name="keyPath">The file with the private key.</param>
    /// <param name="certificatePath">The file with its certificate, and any above it; it may be the same.</param>
    /// <param name="password">Asked for the key's password, and only when it has one; null where there is nobody to ask.</param>
    /// <exception cref="EmberException">
    /// A file is missing or damaged, the password is wrong or missing, the key is no RSA key, or the certificate is not the key's
    /// (exit code 2).
    /// </exception>
    public static RsaSigningKey OpenPem(string keyPath, string certificatePath, Func<string?>? password = null)
    {
        RSA key = ReadKey(keyPath, password);
        try
        {
            return new RsaSigningKey(key, CertificateOf(key, certificatePath, KeyFileText.ReadCertificates(certificatePath)));
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    /// <summary>Whether a key in PEM has a password.</summary>
    /// <exception cref="EmberException">The file is missing (exit code 2).</exception>
    public static bool IsEncrypted(string keyPath) => KeyFileText.Read(keyPath).Contains("ENCRYPTED", StringComparison.Ordinal);

    /// <summary>Opens a PKCS #12 file (<c>.p12</c>, <c>.pfx</c>) with a key, its certificate, and any above it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="password">Asked for the file's password, and only when it has one; null where there is nobody to ask.</param>
    /// <exception cref="EmberException">
    /// The file is missing or damaged, the password is wrong, or it holds no RSA key with a certificate (exit code 2).
    /// </exception>
    public static RsaSigningKey OpenPkcs12(string path, Func<string?>? password = null)
    {
        byte[] bytes = KeyFileText.ReadBytes(path);
        X509Certificate2Collection certificates = LoadPkcs12(bytes, null) ?? LoadPkcs12(bytes, password?.Invoke())
            ?? throw new EmberException(
                ErrorKind.Input, $"{path}: cannot be opened: the password is wrong or missing, or it is no PKCS #12 file or a damaged one");
        foreach (X509Certificate2 certificate in certificates)
        {
            if (certificate.HasPrivateKey)
            {
                RSA key = certificate.GetRSAPrivateKey()
                    ?? throw SigningCertificate.Unsupported(path, certificate.PublicKey.Oid);
                return new RsaSigningKey(key, CertificateOf(key, path, [.. certificates]));
            }
        }

        throw new EmberException(ErrorKind.Input, $"{path}: no private key in it; export it again with its key");
    }

    /// <inheritdoc/>
    public byte[] Sign(SigningRequest request) =>
        _key.SignHash(request.Digest, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);

    /// <inheritdoc/>
    public void Dispose()
    {
        _key.Dispose();
        Certificate.Dispose();
    }

    private static X509Certificate2Collection? LoadPkcs12(byte[] bytes, string? password)
    {
        try
        {
            return X509CertificateLoader.LoadPkcs12Collection(bytes, password, X509KeyStorageFlags.EphemeralKeySet);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static SigningCertificate CertificateOf(RSA key, string name, IReadOnlyList<X509Certificate2> certificates) =>
        SigningCertificate.Of(name, certificates, key.ExportParameters(includePrivateParameters: false));

    internal static RSA ReadKey(string path, Func<string?>? password)
    {
        string text = KeyFileText.Read(path);
        if (KeyFileText.Find(text, "PRIVATE KEY") is not (string label, byte[] content))
        {
            throw new EmberException(
                ErrorKind.Input,
                text.Contains("Proc-Type: 4,ENCRYPTED", StringComparison.Ordinal)
                    ? $"{path}: encrypted in the old way of OpenSSL; convert it: openssl pkcs8 -topk8 -in {path} -out NEW"
                    : $"{path}: no private key in PEM in it; give the file that holds the key");
        }

        RSA key = RSA.Create();
        try
        {
            switch (label)
            {
                case "RSA PRIVATE KEY":
                    key.ImportRSAPrivateKey(content, out _);
                    break;
                case "PRIVATE KEY":
                    ImportPkcs8(key, path, Pkcs8PrivateKeyInfo.Decode(content, out _));
                    break;
                case "ENCRYPTED PRIVATE KEY":
                    ImportPkcs8(key, path, Decrypt(path, content, password));
                    break;
                default:
                    throw SigningCertificate.Unsupported(path, label.Replace(" PRIVATE KEY", "", StringComparison.Ordinal));
            }

            return key;
        }
        catch (CryptographicException e)
        {
            key.Dispose();
            throw KeyFileText.Damaged(path, "key", e);
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    private static void ImportPkcs8(RSA key, string path, Pkcs8PrivateKeyInfo info)
    {
        if (info.AlgorithmId.Value != RsaEncryption)
        {
            throw SigningCertificate.Unsupported(path, info.AlgorithmId);
        }

        key.ImportPkcs8PrivateKey(info.Encode(), out _);
    }

    private static Pkcs8PrivateKeyInfo Decrypt(string path, byte[] content, Func<string?>? ask)
    {
        if (ask?.Invoke() is not string password)
        {
            throw new EmberException(ErrorKind.Input, $"{path}: the key is encrypted; give its password");
        }

        try
        {
            return Pkcs8PrivateKeyInfo.DecryptAndDecode(password, content, out _);
        }
        catch (CryptographicException e)
        {
            throw new EmberException(ErrorKind.Input, $"{path}: cannot be decrypted: the password is wrong, or the key is damaged", e);
        }
    }
}
