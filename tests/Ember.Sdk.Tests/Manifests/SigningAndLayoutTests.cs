using System;
using Ember.Sdk.Images;
using Ember.Sdk.Manifests;
using Ember.Sdk.Signing;
using Ember.Sdk.Tests.Hosting;

namespace Ember.Sdk.Tests.Manifests;

public sealed class SigningAndLayoutTests : IDisposable
{
    private const string Machine =
        """

        [[vm]]
        name = "x"
        memory = "16MiB"
        kernel.debian = "linux-image-cloud-amd64"
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Keys_are_read_from_PEM_with_another_one_for_Secure_Boot()
    {
        ManifestText.Write(_folder, ManifestText.Good);
        ManifestSigning signing = Read(
            """
            security_version = 7
            [signing]
            key = "vmlinuz"
            certificate = "init"
            [signing.secure_boot]
            pkcs12 = "vmlinuz"
            """).Signing!;
        Assert.Equal(new PemKeyLocation(_folder["vmlinuz"], _folder["init"]), signing.Bank);
        Assert.Equal(new Pkcs12KeyLocation(_folder["vmlinuz"]), signing.SecureBoot);
    }

    [Fact]
    public void A_key_in_a_token_is_named_by_module_and_labels()
    {
        ManifestText.Write(_folder, ManifestText.Good);
        ManifestSigning signing = Read(
            """
            [signing]
            pkcs11 = { module = "vmlinuz", token = "vault", key = "release", certificate = "init" }
            """).Signing!;
        Assert.Equal(
            new Pkcs11Location(_folder["vmlinuz"], "vault", "release") { CertificatePath = _folder["init"] }, signing.Bank);
        Assert.Null(signing.SecureBoot);
    }

    [Fact]
    public void A_key_that_is_elsewhere_is_named_by_its_certificate()
    {
        ManifestText.Write(_folder, ManifestText.Good);
        Assert.Equal(new CertificateLocation(_folder["init"]), Read("[signing]\ncertificate = \"init\"").Signing!.Bank);
    }

    [Fact]
    public void A_layout_is_a_named_one_with_changes()
    {
        Manifest manifest = Read(
            """
            security_version = 7
            [image]
            layout = "compact-32"
            bank_size = "9MiB"
            erase_block = "4MiB"
            second_bank = "empty"
            """);
        Assert.Equal(7u, manifest.SecurityVersion);
        Assert.Equal(KeyLayout.Compact32 with { BankSize = 9 << 20, Alignment = 4 << 20 }, manifest.Image.Layout);
        Assert.False(manifest.Image.HasSecondBank);
    }

    [Theory]
    [InlineData("[signing]", "[signing]: names 0 keys; give one of key, pkcs12 and pkcs11")]
    [InlineData("[signing]\nkey = \"a\"\npkcs12 = \"b\"", "[signing]: names 2 keys; give one of key, pkcs12 and pkcs11")]
    [InlineData("[signing]\nkey = \"a\"", "[signing]: 'certificate' is missing")]
    [InlineData("[signing]\ncertificate = \"a\"", "[signing]: certificate 'a' not found")]
    [InlineData("[signing]\npkcs12 = \"a\"\ncertificate = \"b\"", "[signing]: certificate belongs to key; pkcs12 has its own")]
    [InlineData("[signing]\nkye = \"a\"", "[signing]: unknown key 'kye'; did you mean 'key'?")]
    [InlineData("[signing]\npkcs11 = \"a\"", "[signing]: pkcs11 is a string; write { module")]
    [InlineData("[signing]\nsecure_boot = 1", "[signing]: secure_boot is a number; write [signing.secure_boot]")]
    [InlineData("[signing]\nkey = \"a\"\n[signing.secure_boot]", "[signing.secure_boot]: names 0 keys")]
    [InlineData("security_version = -1", "[appliance]: security_version is -1; 0 to 4294967295 are possible")]
    [InlineData("[image]\nlayout = \"tiny\"", "[image]: layout \"tiny\" is unknown; known are \"standard\"")]
    [InlineData("[image]\nbank_size = \"100KiB\"", "[image]: bank_size is not a number of whole MiB")]
    [InlineData("[image]\nerase_block = \"3MiB\"", "[image]: erase_block has to be 1, 2, 4, 8, 16, 32 or 64 MiB")]
    [InlineData("[image]\nerase_block = \"128MiB\"", "[image]: erase_block has to be")]
    [InlineData("[image]\nsecond_bank = \"both\"", "[image]: second_bank \"both\" is unknown; known are \"copy\", \"empty\"")]
    public void What_is_wrong_is_said_with_its_line(string more, string expected)
    {
        EmberException e = Assert.Throws<EmberException>(() => Read(more));
        Assert.Equal(ErrorKind.Input, e.Kind);
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
        Assert.Matches(@"appliance\.toml:\d+: ", e.Message);
    }

    private Manifest Read(string more) => ManifestReader.Read(ManifestText.Write(
        _folder, "[appliance]\nname = \"a\"\nvendor = \"v\"\nproduct = \"p\"\nversion = \"1\"\n" + more + Machine));
}
