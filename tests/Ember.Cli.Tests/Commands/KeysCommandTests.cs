using System;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using Ember.Cli.Commands;
using Ember.Sdk.Hosts;
using Ember.Sdk.Signing;

namespace Ember.Cli.Tests.Commands;

public sealed class KeysCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_new_test_key_is_private_says_that_it_is_one_and_signs()
    {
        CliRun made = await RunAsync("keys", "new", "my keys");
        string key = _folder.Combine("my keys/test-key.pem");
        string certificate = _folder.Combine("my keys/test-certificate.pem");
        Assert.Equal((0, "", $"{key}\n{certificate}\n"), (made.ExitCode, made.Error, made.Output));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(key));

        using RsaSigningKey opened = RsaSigningKey.OpenPem(key, certificate);
        Assert.True(opened.Certificate.IsTestKey);
        opened.Certificate.Require(SigningPurpose.Bank, DateTimeOffset.UtcNow);

        CliRun shown = await RunAsync("keys", "show", certificate);
        Assert.Equal((0, ""), (shown.ExitCode, shown.Error));
        Assert.Equal(
            [
                "is            certificate",
                "subject       CN=Ember test key - not for release",
                $"key id        {opened.Certificate.KeyId}",
                "bits          3072",
                "test key      yes; not for release",
                "loader, core  yes",
                "banks         yes",
            ],
            shown.Output.TrimEnd().Split('\n').Where(line => !line.StartsWith("valid  ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_key_that_is_there_is_never_overwritten()
    {
        string key = _folder.Write("keys/test-key.pem", "precious");
        CliRun run = await RunAsync("keys", "new", "keys");
        Assert.Equal((2, $"ember: error: {key}: is there already; choose another folder\n"), (run.ExitCode, run.Error));
        Assert.Equal("precious", await File.ReadAllTextAsync(key));
        Assert.False(File.Exists(_folder.Combine("keys/test-certificate.pem")));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_is_a_failure_of_the_host()
    {
        _folder.Write("file", "");
        CliRun run = await RunAsync("keys", "new", "file/keys");
        Assert.Equal(3, run.ExitCode);
        Assert.StartsWith($"ember: error: {_folder.Combine("file/keys/test-key.pem")}: cannot be written: ", run.Error);
    }

    [Fact]
    public async Task Every_file_that_has_to_do_with_a_key_tells_the_same_identity()
    {
        await RunAsync("keys", "new", "keys");
        string certificate = _folder.Combine("keys/test-certificate.pem");
        using RsaSigningKey key = RsaSigningKey.OpenPem(_folder.Combine("keys/test-key.pem"), certificate);
        File.WriteAllBytes(_folder.Combine("vendor.key"), VendorKey.Write(key.Certificate));
        File.WriteAllBytes(_folder.Combine("bank.signature"), VendorKey.SignBank(key, "bank.manifest", [1]));
        File.WriteAllBytes(_folder.Combine("certificate.cer"), key.Certificate.Leaf.RawData);
        (string File, string Kind)[] files =
        [
            (certificate, "certificate"),
            ("certificate.cer", "certificate"),
            ("keys/test-key.pem", "private key without a certificate"),
            ("vendor.key", "public key as the loader has it"),
            ("bank.signature", "signature of a bank"),
        ];
        foreach ((string file, string kind) in files)
        {
            CliRun run = await RunAsync("keys", "show", file, "--json");
            Assert.Equal((0, ""), (run.ExitCode, run.Error));
            JsonNode shown = JsonNode.Parse(run.Output)!;
            Assert.Equal((kind, key.Certificate.KeyId), ((string?)shown["kind"], (string?)shown["keyId"]));
        }
    }

    [Fact]
    public async Task A_password_is_asked_for_where_it_is_needed_and_only_there()
    {
        const string Key = "/usr/share/ovmf/PkKek-1-snakeoil.key";
        Assert.Equal((0, 1), await ShowAsync(Key, "snakeoil"));
        Assert.Equal((2, 1), await ShowAsync(Key, "snake"));
        Assert.Equal((2, 1), await ShowAsync(Key, null));
        Assert.Equal((0, 0), await ShowAsync("/usr/share/ovmf/PkKek-1-snakeoil.pem", null));
    }

    [Theory]
    [InlineData("", "neither a key nor a certificate nor anything signed with one")]
    [InlineData("text", "neither a key nor a certificate nor anything signed with one")]
    [InlineData("EMBR", "neither a loader's key nor a bank's signature, or a damaged one")]
    [InlineData("MZ", "damaged or cut off: ")]
    public async Task What_has_nothing_to_do_with_keys_is_refused(string content, string problem)
    {
        string path = _folder.Write("file", content);
        CliRun run = await RunAsync("keys", "show", "file");
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.StartsWith($"ember: error: {path}: {problem}", run.Error);
    }

    [Fact]
    public async Task A_missing_file_is_named()
    {
        CliRun run = await RunAsync("keys", "show", "absent.pem");
        Assert.Equal((2, $"ember: error: {_folder.Combine("absent.pem")}: not found\n"), (run.ExitCode, run.Error));
    }

    private Task<CliRun> RunAsync(params string[] arguments) => CliRun.InAsync(_folder.Path, null, null, arguments);

    /// <summary>The exit code, and how often a password was asked for.</summary>
    private async Task<(int ExitCode, int Asked)> ShowAsync(string file, string? password)
    {
        using StringWriter output = new();
        int asked = 0;
        CliHost host = new(HostSystem.Current, output, output, _folder.Path)
        {
            AskSecret = _ =>
            {
                asked++;
                return password;
            },
        };
        return (await EmberCommand.RunAsync(["keys", "show", file], host), asked);
    }
}
