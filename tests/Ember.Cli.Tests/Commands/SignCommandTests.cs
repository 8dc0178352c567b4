using System;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using Ember.Sdk.Signing.Offline;

namespace Ember.Cli.Tests.Commands;

public sealed class SignCommandTests : IDisposable
{
    private static readonly string _digest = new('a', 64);
    private static readonly ListedKey _key = new("CN=Vendor", new string('b', 64), new string('c', 64));

    private readonly TemporaryFolder _folder = new();

    public SignCommandTests()
    {
        _folder.Write("Embedded.sln", "");
        _folder.Write("src/Core/Ember.Core.csproj", "");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_has_to_be_signed_is_told_with_what_is_there_and_what_to_do()
    {
        Wait("out/edge", null, "loader.efi", "core.efi");
        _folder.Write("out/edge/to-sign/core.efi.signature", "");

        CliRun run = await RunAsync("sign", _folder.Combine("edge"));

        string folder = _folder.Combine("out/edge/to-sign");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal(
            $"""
            {folder}: round 1 of 3 waits for signatures
              loader.efi.signature  missing; of loader.efi.request
              core.efi.signature  there; of core.efi.request
            by the key of 'CN=Vendor', key id {_key.KeyId}; for example
              openssl dgst -sha256 -sign KEY -out {folder}/loader.efi.signature {folder}/loader.efi.request
              openssl dgst -sha256 -sign KEY -out {folder}/core.efi.signature {folder}/core.efi.request
            then
              ember sign {_folder.Combine("edge")} --attach {folder}

            """,
            run.Output);
    }

    [Theory]
    [InlineData("out/edge-r640", "r640", "--variant r640")]
    [InlineData("elsewhere", null, "--output {0}/elsewhere")]
    public async Task The_command_to_go_on_with_says_where_it_was_built(string destination, string? variant, string option)
    {
        Wait(destination, variant, "loader.efi", "core.efi", "bank.manifest");

        CliRun run = await RunAsync(["sign", _folder.Combine("edge"), .. Where(destination, variant)]);

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("round 2 of 3 waits", run.Output);
        Assert.EndsWith(
            $"ember sign {_folder.Combine("edge")} {string.Format(null, option, _folder.Path)} "
            + $"--attach {_folder.Combine(destination)}/to-sign\n",
            run.Output);
    }

    [Fact]
    public async Task A_program_is_given_the_list()
    {
        Wait("out/edge", null, "loader.efi", "core.efi", "bank.manifest", "network.efi");

        CliRun run = await RunAsync("sign", "edge", "--json");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        JsonNode list = JsonNode.Parse(run.Output)!;
        Assert.Equal((3, 3), ((int?)list["round"], (int?)list["rounds"]));
        JsonNode last = list["requests"]!.AsArray()[3]!;
        Assert.Equal(
            ("network.efi", 3, "network.efi.request", "network.efi.signature", "RSA PKCS #1 v1.5 SHA-256", _digest, "CN=Vendor"),
            ((string?)last["name"], (int?)last["round"], (string?)last["request"], (string?)last["signature"], (string?)last["algorithm"],
                (string?)last["sha256"], (string?)last["subject"]));
    }

    [Theory]
    [InlineData]
    [InlineData("--attach", "signatures")]
    public async Task Where_nothing_waits_the_command_says_so(params string[] options)
    {
        CliRun run = await RunAsync(["sign", "edge", .. options]);

        Assert.Equal(
            (2, $"ember: error: {_folder.Combine("out/edge/to-sign/requests.json")}: not there: nothing waits for a signature; "
                + "run 'ember build --unsigned' first\n"),
            (run.ExitCode, run.Error));
    }

    private static string[] Where(string destination, string? variant) =>
        variant is null ? ["--output", destination] : ["--variant", variant];

    private void Wait(string destination, string? variant, params string[] names)
    {
        SigningList list = new(variant, "img", 0, Array.ConvertAll(names, name => new ListedRequest(name, _digest, _key)));
        _folder.Write($"{destination}/to-sign/requests.json", Encoding.UTF8.GetString(list.ToJson()));
    }

    private Task<CliRun> RunAsync(params string[] arguments) => CliRun.InAsync(_folder.Path, arguments: arguments);
}
