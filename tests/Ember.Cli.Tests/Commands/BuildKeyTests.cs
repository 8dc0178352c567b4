using System;
using System.IO;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Tasks;
using Ember.Cli.Commands;
using Ember.Sdk.Hosts;
using Ember.Sdk.Signing;

namespace Ember.Cli.Tests.Commands;

/// <summary>What <c>ember build</c> says to keys that will not do, before it does anything that takes long.</summary>
public sealed class BuildKeyTests : IDisposable
{
    private const string Pem = "[signing]\nkey = \"vendor.key\"\ncertificate = \"vendor.pem\"\n";
    private const string Pkcs12 = "[signing]\npkcs12 = \"vendor.p12\"\n";

    private readonly TemporaryFolder _folder = new();

    private string Source => _folder.Combine("edge");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_key_of_another_certificate_is_refused()
    {
        using KeyOfVendor key = new();
        using KeyOfVendor other = new();
        await WriteAsync(key, Pem);
        File.WriteAllText(Path.Combine(Source, "vendor.pem"), other.CertificatePem);

        await RefusedAsync("vendor.pem: the certificate is not that of the key; give the one that was issued for this key");
    }

    [Theory]
    [InlineData(2020, 2021, "vendor.pem: the certificate expired on 2021-01-01; renew it, or set SOURCE_DATE_EPOCH to the release's time")]
    [InlineData(2800, 2900, "vendor.pem: the certificate is valid from 2800-01-01 on only; check the clock or SOURCE_DATE_EPOCH")]
    public async Task A_certificate_that_is_not_valid_now_is_refused(int from, int to, string expected)
    {
        using KeyOfVendor key = new(from: from, to: to);
        await WriteAsync(key, Pem);

        await RefusedAsync(expected);
        await RefusedAsync(expected, "--unsigned");
    }

    [Theory]
    [InlineData(2048, "vendor.pem: the key has 2048 bits, too short for a bank; use one of 3072 bits or more")]
    [InlineData(3080, "vendor.pem: the key has 3080 bits; the loader takes 3072 to 4096, a multiple of 64")]
    public async Task A_key_of_a_length_that_the_loader_does_not_take_is_refused(int bits, string expected)
    {
        using KeyOfVendor key = new(bits);
        await WriteAsync(key, Pem);

        await RefusedAsync(expected);
        await RefusedAsync(expected, "--unsigned");
    }

    [Fact]
    public async Task A_certificate_that_is_for_something_else_is_refused()
    {
        using KeyOfVendor server = new(use: "1.3.6.1.5.5.7.3.1");
        await WriteAsync(server, Pem);
        await RefusedAsync("vendor.pem: the certificate is not for code signing (extended key usage); have one issued that is");

        using KeyOfVendor encryption = new(flags: X509KeyUsageFlags.KeyEncipherment);
        encryption.Write(Source);
        await RefusedAsync("vendor.pem: the certificate is not for digital signatures (key usage); have one issued that is");
    }

    [Theory]
    [InlineData("vendor.key", 1.0, "vendor.key: no private key in PEM in it; give the file that holds the key")]
    [InlineData("vendor.pem", 1.0, "vendor.pem: no certificate in it; give one that holds the key's certificate")]
    [InlineData("vendor.key", 0.5, "vendor.key: the key is damaged: ")]
    [InlineData("vendor.pem", 0.5, "vendor.pem: the certificate is damaged: ")]
    public async Task PEM_that_is_cut_off_is_refused(string file, double kept, string expected)
    {
        using KeyOfVendor key = new();
        await WriteAsync(key, Pem);
        string path = Path.Combine(Source, file);
        string[] lines = File.ReadAllLines(path);

        // The last line gone, or lines in the middle of what it encloses.
        int middle = (int)((lines.Length - 1) * kept);
        File.WriteAllLines(path, kept == 1.0 ? lines[..^1] : [.. lines[..middle], lines[^1]]);

        await RefusedAsync(expected);
    }

    [Theory]
    [InlineData("open barley")]
    [InlineData(null)]
    public async Task PKCS_12_with_a_wrong_password_is_refused(string? password)
    {
        using KeyOfVendor key = new();
        await WriteAsync(key, Pkcs12);

        await RefusedAsync(
            "vendor.p12: cannot be opened: the password is wrong or missing, or it is no PKCS #12 file or a damaged one",
            password: password);
    }

    [Fact]
    public async Task Without_the_key_PKCS_12_and_tokens_need_a_certificate_of_their_own()
    {
        using KeyOfVendor key = new();
        await WriteAsync(key, Pkcs12);

        await RefusedAsync(
            "vendor.p12: holds the key too; name its certificate alone under [signing], to build without the key", "--unsigned");
    }

    [Theory]
    [InlineData("")]
    [InlineData("[signing]\nkey = \"test.key\"\ncertificate = \"test.crt\"\n")]
    [InlineData(Pem + "[signing.secure_boot]\nkey = \"test.key\"\ncertificate = \"test.crt\"\n")]
    public async Task A_release_is_signed_with_no_test_key(string signing)
    {
        using KeyOfVendor key = new();
        await WriteAsync(key, signing);
        File.Copy(CommonTestKey.KeyPath, Path.Combine(Source, "test.key"));
        File.Copy(CommonTestKey.CertificatePath, Path.Combine(Source, "test.crt"));

        await RefusedAsync(
            "appliance.toml: the key that signs is a test key, not for a release; name the vendor's under [signing]", "--release");
    }

    [Fact]
    public async Task A_release_commits_no_fault_for_the_lab()
    {
        using KeyOfVendor key = new();
        await WriteAsync(key, Pem + "\n[lab]\ncrash = \"stack-overflow\"\n");

        await RefusedAsync("appliance.toml: [lab] crash is not for a release; take it out", "--release");
    }

    [Fact]
    public async Task A_module_that_is_no_PKCS_11_library_is_a_failure_of_the_host()
    {
        using KeyOfVendor key = new();
        await WriteAsync(key, "[signing]\npkcs11 = { module = \"vendor.pem\", token = \"vault\", key = \"release\" }\n");

        await RefusedAsync("vendor.pem: cannot be loaded as a PKCS #11 library", exitCode: 3, password: "1234");
    }

    private async Task WriteAsync(KeyOfVendor key, string signing)
    {
        await CliRun.InAsync(_folder.Path, arguments: ["new", "edge"]);
        key.Write(Source);
        await File.AppendAllTextAsync(Path.Combine(Source, "appliance.toml"), "\n" + signing);
    }

    private async Task RefusedAsync(string expected, string? option = null, int exitCode = 2, string? password = null)
    {
        using StringWriter output = new();
        CliHost host = new(HostSystem.Current, output, output, _folder.Path) { AskSecret = _ => password };
        string[] arguments = ["build", "edge", "--output", "out", "--no-install", .. option is null ? Array.Empty<string>() : [option]];

        Assert.Equal(exitCode, await EmberCommand.RunAsync(arguments, host));

        string error = output.ToString();
        string line = error.TrimEnd('\n').Split('\n')[^1];
        Assert.StartsWith("ember: error: ", line);
        Assert.Contains(expected, line);
        Assert.DoesNotContain("compiling", error);
        Assert.False(Directory.Exists(_folder.Combine("out")));
    }
}
