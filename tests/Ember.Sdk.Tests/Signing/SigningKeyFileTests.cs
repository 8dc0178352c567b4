using System;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Ember.Sdk.Signing;
using Ember.Sdk.Tests.Hosting;

namespace Ember.Sdk.Tests.Signing;

public sealed class SigningKeyFileTests : IDisposable
{
    private static readonly SigningRequest _request = new("core.efi", [1, 2, 3]);
    private static readonly PbeParameters _encryption = new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000);

    private readonly TemporaryFolder _folder = new();
    private readonly RSA _rsa = KeyMaker.Rsa(3072);
    private readonly X509Certificate2 _certificate;

    public SigningKeyFileTests() => _certificate = KeyMaker.Certificate(_rsa);

    public void Dispose()
    {
        _certificate.Dispose();
        _rsa.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("pkcs8")]
    [InlineData("pkcs1")]
    [InlineData("encrypted")]
    [InlineData("pkcs12")]
    [InlineData("pkcs12 without password")]
    public void The_same_key_in_any_file_gives_the_same_signature(string form)
    {
        string certificate = KeyMaker.Write(_folder, "certificate.pem", _certificate.ExportCertificatePem());
        using RsaSigningKey key = form switch
        {
            "pkcs8" => RsaSigningKey.OpenPem(KeyMaker.Write(_folder, "key.pem", _rsa.ExportPkcs8PrivateKeyPem()), certificate),
            "pkcs1" => RsaSigningKey.OpenPem(KeyMaker.Write(_folder, "key.pem", _rsa.ExportRSAPrivateKeyPem()), certificate),
            "encrypted" => RsaSigningKey.OpenPem(
                KeyMaker.Write(_folder, "key.pem", _rsa.ExportEncryptedPkcs8PrivateKeyPem("secret", _encryption)),
                certificate,
                () => "secret"),
            "pkcs12" => RsaSigningKey.OpenPkcs12(WritePkcs12("secret"), () => "secret"),
            _ => RsaSigningKey.OpenPkcs12(WritePkcs12(null)),
        };

        Assert.Equal(_rsa.SignData(_request.Content, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1), key.Sign(_request));
        Assert.True(key.Certificate.IsSignature(_request, key.Sign(_request)));
        Assert.Equal(_certificate.RawData, key.Certificate.Leaf.RawData);
        Assert.Equal(3072, key.Certificate.Bits);
        Assert.False(key.Certificate.IsTestKey);
    }

    [Fact]
    public void A_certificate_in_DER_does_as_well()
    {
        File.WriteAllBytes(_folder["certificate.cer"], _certificate.RawData);
        using RsaSigningKey key = RsaSigningKey.OpenPem(
            KeyMaker.Write(_folder, "key.pem", _rsa.ExportPkcs8PrivateKeyPem()), _folder["certificate.cer"]);

        Assert.Equal(_certificate.RawData, key.Certificate.Leaf.RawData);
    }

    [Fact]
    public void A_key_of_the_firmware_package_that_OpenSSL_encrypted_opens()
    {
        using RsaSigningKey key = RsaSigningKey.OpenPem(
            "/usr/share/ovmf/PkKek-1-snakeoil.key", "/usr/share/ovmf/PkKek-1-snakeoil.pem", () => "snakeoil");

        Assert.True(key.Certificate.IsSignature(_request, key.Sign(_request)));
    }

    [Fact]
    public void The_certificates_above_the_keys_own_follow_in_order()
    {
        using RSA authorityKey = KeyMaker.Rsa(4096);
        using X509Certificate2 authority = KeyMaker.Authority(authorityKey);
        using X509Certificate2 leaf = KeyMaker.Certificate(_rsa, issuer: authority);
        using RSA strangerKey = KeyMaker.Rsa(2048);
        using X509Certificate2 stranger = KeyMaker.Certificate(strangerKey, "CN=Stranger");
        string path = KeyMaker.Write(
            _folder,
            "all.pem",
            stranger.ExportCertificatePem(),
            authority.ExportCertificatePem(),
            _rsa.ExportPkcs8PrivateKeyPem(),
            leaf.ExportCertificatePem());

        using RsaSigningKey key = RsaSigningKey.OpenPem(path, path);

        Assert.Equal(["CN=Signer", "CN=Authority", "CN=Stranger"], key.Certificate.Chain.Select(each => each.Subject));
    }

    [Fact]
    public void What_cannot_be_opened_says_why_in_one_line()
    {
        string certificate = KeyMaker.Write(_folder, "certificate.pem", _certificate.ExportCertificatePem());
        string keyPath = KeyMaker.Write(_folder, "key.pem", _rsa.ExportPkcs8PrivateKeyPem());
        string encrypted = KeyMaker.Write(_folder, "encrypted.pem", _rsa.ExportEncryptedPkcs8PrivateKeyPem("secret", _encryption));
        using RSA otherKey = KeyMaker.Rsa(4096);
        using X509Certificate2 other = KeyMaker.Certificate(otherKey);
        using ECDsa elliptic = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest ellipticRequest = new("CN=Elliptic", elliptic, HashAlgorithmName.SHA256);
        using X509Certificate2 ellipticCertificate = ellipticRequest.CreateSelfSigned(KeyMaker.Start, KeyMaker.End);
        string ellipticPath = KeyMaker.Write(_folder, "elliptic.pem", ellipticCertificate.ExportCertificatePem());
        string traditional = KeyMaker.Write(
            _folder,
            "old.pem",
            "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA\n-----END RSA PRIVATE KEY-----");

        Refused("absent.pem: not found", () => RsaSigningKey.OpenPem(_folder["absent.pem"], certificate));
        Refused("absent.pem: not found", () => RsaSigningKey.OpenPem(keyPath, _folder["absent.pem"]));
        Refused("certificate.pem: no private key in PEM in it", () => RsaSigningKey.OpenPem(certificate, certificate));
        Refused("key.pem: no certificate in it", () => RsaSigningKey.OpenPem(keyPath, keyPath));
        Refused("encrypted.pem: the key is encrypted; give its password", () => RsaSigningKey.OpenPem(encrypted, certificate));
        Refused("encrypted.pem: the key is encrypted; give its password", () => RsaSigningKey.OpenPem(encrypted, certificate, () => null));
        Refused("encrypted.pem: cannot be decrypted: the password is wrong",
            () => RsaSigningKey.OpenPem(encrypted, certificate, () => "Secret"));
        Refused("old.pem: encrypted in the old way of OpenSSL; convert it: openssl pkcs8",
            () => RsaSigningKey.OpenPem(traditional, certificate));
        Refused("other.pem: the certificate is not that of the key", () => RsaSigningKey.OpenPem(
            keyPath, KeyMaker.Write(_folder, "other.pem", other.ExportCertificatePem())));
        Refused("ec.pem: a key for EC; only RSA keys sign images", () => RsaSigningKey.OpenPem(
            KeyMaker.Write(_folder, "ec.pem", elliptic.ExportECPrivateKeyPem()), certificate));
        Refused("ec8.pem: a key for ECC; only RSA keys sign images", () => RsaSigningKey.OpenPem(
            KeyMaker.Write(_folder, "ec8.pem", elliptic.ExportPkcs8PrivateKeyPem()), certificate));
        Refused("elliptic.pem: a key for ECC; only RSA keys sign images", () => SigningCertificate.Read(ellipticPath));
        Refused("elliptic.pem: the certificate is not that of the key", () => RsaSigningKey.OpenPem(keyPath, ellipticPath));
        Refused("cut.pem: the key is damaged: ", () => RsaSigningKey.OpenPem(
            KeyMaker.Write(_folder, "cut.pem", PemEncoding.WriteString("PRIVATE KEY", _rsa.ExportPkcs8PrivateKey().AsSpan()[..500])),
            certificate));
        Refused("nonsense.pem: the key is damaged: ", () => RsaSigningKey.OpenPem(
            KeyMaker.Write(_folder, "nonsense.pem", PemEncoding.WriteString("RSA PRIVATE KEY", [1, 2, 3])), certificate));
        Refused("bad.pem: the certificate is damaged: ", () => RsaSigningKey.OpenPem(
            keyPath, KeyMaker.Write(_folder, "bad.pem", PemEncoding.WriteString("CERTIFICATE", [0x30, 1, 2]))));
        Refused("signer.p12: cannot be opened: the password is wrong",
            () => RsaSigningKey.OpenPkcs12(WritePkcs12("secret"), () => "Secret"));
        Refused("signer.p12: cannot be opened: the password is wrong", () => RsaSigningKey.OpenPkcs12(WritePkcs12("secret")));
        Refused("key.pem: cannot be opened: ", () => RsaSigningKey.OpenPkcs12(keyPath));
        File.WriteAllBytes(_folder["large.pem"], new byte[(1 << 20) + 1]);
        Refused("large.pem: too large for a key: more than 1 MiB", () => RsaSigningKey.OpenPem(_folder["large.pem"], certificate));
        using X509Certificate2 withoutKey = X509CertificateLoader.LoadCertificate(_certificate.RawData);
        File.WriteAllBytes(_folder["public.p12"], withoutKey.Export(X509ContentType.Pkcs12));
        Refused("public.p12: no private key in it", () => RsaSigningKey.OpenPkcs12(_folder["public.p12"]));
        File.WriteAllBytes(_folder["ec.p12"], ellipticCertificate.Export(X509ContentType.Pkcs12));
        Refused("ec.p12: a key for ECC; only RSA keys sign images", () => RsaSigningKey.OpenPkcs12(_folder["ec.p12"]));
    }

    [Fact]
    public void A_certificate_with_any_one_byte_changed_reads_or_is_refused_in_one_line()
    {
        int refused = 0;
        for (int i = 0; i < _certificate.RawData.Length; i++)
        {
            byte[] changed = [.. _certificate.RawData];
            changed[i] ^= 0x34;
            File.WriteAllBytes(_folder["changed.cer"], changed);
            try
            {
                using SigningCertificate certificate = SigningCertificate.Read(_folder["changed.cer"]);
                Assert.All(certificate.Problems(SigningPurpose.Bank, KeyMaker.Start), problem => Assert.DoesNotContain('\n', problem));
            }
            catch (EmberException e)
            {
                refused++;
                Assert.StartsWith(_folder["changed.cer"], e.Message);
                Assert.DoesNotContain('\n', e.Message);
            }
        }

        Assert.NotEqual(0, refused);
    }

    private void Refused(string expected, Action open)
    {
        EmberException e = Assert.Throws<EmberException>(open);
        Assert.StartsWith(_folder[expected], e.Message);
        Assert.Equal(ErrorKind.Input, e.Kind);
        Assert.DoesNotContain('\n', e.Message);
    }

    private string WritePkcs12(string? password)
    {
        File.WriteAllBytes(_folder["signer.p12"], _certificate.Export(X509ContentType.Pkcs12, password));
        return _folder["signer.p12"];
    }
}
