using System;
using System.IO;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Ember.Sdk.Signing;
using Ember.Sdk.Tests.Hosting;

namespace Ember.Sdk.Tests.Signing;

[Collection(nameof(SoftToken))]
public sealed class Pkcs11SigningKeyTests : IDisposable
{
    private static readonly SigningRequest _request = new("core.efi", [1, 2, 3]);
    private static readonly Pkcs11Location _location = new(SoftToken.Module, SoftToken.Label, "signing");

    private readonly TemporaryFolder _folder = new();
    private readonly SoftToken _token = new();
    private readonly RSA _rsa = KeyMaker.Rsa(3072);
    private readonly X509Certificate2 _certificate;

    public Pkcs11SigningKeyTests()
    {
        _certificate = KeyMaker.Certificate(_rsa);
        _token.ImportKey(_rsa.ExportPkcs8PrivateKeyPem(), "signing", "A1");
    }

    public void Dispose()
    {
        _certificate.Dispose();
        _rsa.Dispose();
        _token.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_key_in_a_token_signs_as_it_does_in_a_file(bool certificateInToken)
    {
        Pkcs11Location location = _location;
        if (certificateInToken)
        {
            using RSA otherKey = KeyMaker.Rsa(2048);
            using X509Certificate2 other = KeyMaker.Certificate(otherKey, "CN=Other");
            SoftToken.ImportCertificate(other);
            SoftToken.ImportCertificate(_certificate);
        }
        else
        {
            location = _location with
            {
                CertificatePath = KeyMaker.Write(_folder, "certificate.pem", _certificate.ExportCertificatePem()),
            };
        }

        using Pkcs11SigningKey key = Pkcs11SigningKey.Open(location, SoftToken.Pin);

        Assert.Equal(_certificate.RawData, key.Certificate.Leaf.RawData);
        Assert.Equal(_rsa.SignData(_request.Content, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1), key.Sign(_request));
        Assert.Equal(key.Sign(_request), key.Sign(_request));
    }

    [Fact]
    public void What_does_not_open_says_why_in_one_line()
    {
        string certificate = KeyMaker.Write(_folder, "certificate.pem", _certificate.ExportCertificatePem());
        using RSA otherKey = KeyMaker.Rsa(4096);
        using X509Certificate2 other = KeyMaker.Certificate(otherKey);
        string otherPath = KeyMaker.Write(_folder, "other.pem", other.ExportCertificatePem());
        File.WriteAllText(_folder["no-library.so"], "text");
        using ECDsa elliptic = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        _token.ImportKey(elliptic.ExportPkcs8PrivateKeyPem(), "elliptic", "A2");
        _token.ImportKey(otherKey.ExportPkcs8PrivateKeyPem(), "twice", "A3");
        _token.ImportKey(otherKey.ExportPkcs8PrivateKeyPem(), "twice", "A4");

        Refused(ErrorKind.Input, "token 'ember-test', key 'signing': no certificate in it", _location);
        Refused(ErrorKind.Input, "token 'ember-test', key 'signing': wrong PIN; ", _location, "000000");
        Refused(ErrorKind.Input, "token 'ember-test', key 'signing': wrong PIN; ", _location, "");
        Refused(
            ErrorKind.Input, $"{SoftToken.Module}: no token 'lost'; there is 'ember-test'", _location with { TokenLabel = "lost" });
        Refused(
            ErrorKind.Input,
            "token 'ember-test', key 'lost': the token has no private key of that label",
            _location with { KeyLabel = "lost" });
        Refused(
            ErrorKind.Input, "token 'ember-test', key 'twice': 2 private keys have that label", _location with { KeyLabel = "twice" });
        Refused(
            ErrorKind.Input,
            "token 'ember-test', key 'elliptic': a key for CKK_EC",
            _location with { KeyLabel = "elliptic", CertificatePath = certificate });
        Refused(
            ErrorKind.Input, $"{otherPath}: the certificate is not that of the key", _location with { CertificatePath = otherPath });
        Refused(ErrorKind.Host, "/absent.so: no such PKCS #11 library; ", _location with { ModulePath = "/absent.so" });
        Refused(
            ErrorKind.Host,
            $"{_folder["no-library.so"]}: cannot be loaded as a PKCS #11 library: ",
            _location with { ModulePath = _folder["no-library.so"] });
    }

    private static void Refused(ErrorKind kind, string expected, Pkcs11Location location, string pin = SoftToken.Pin)
    {
        EmberException e = Assert.Throws<EmberException>(() => Pkcs11SigningKey.Open(location, pin));
        Assert.StartsWith(expected, e.Message);
        Assert.Equal(kind, e.Kind);
        Assert.DoesNotContain('\n', e.Message);
    }
}
