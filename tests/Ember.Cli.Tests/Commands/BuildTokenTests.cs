using System;
using System.Diagnostics;
using System.IO;
using System.Threading.Tasks;

namespace Ember.Cli.Tests.Commands;

/// <summary><c>ember build</c> with a key in a token of SoftHSM, as a process of its own: the PIN comes from the environment or a terminal.
/// </summary>
public sealed class BuildTokenTests : IDisposable
{
    private const string Module = "/usr/lib/softhsm/libsofthsm2.so";
    private const string Pin = "135790";

    private readonly TemporaryFolder _folder = new();
    private readonly KeyOfVendor _key = new();

    private string Source => _folder.Combine("edge");

    public void Dispose()
    {
        _key.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("vault", "97531", "token 'vault', key 'release': wrong PIN; a few more of them lock the token")]
    [InlineData("vault", null, "token 'vault', key 'release': no PIN was given")]
    [InlineData("cellar", Pin, "libsofthsm2.so: no token 'cellar'; there is 'vault'")]
    public async Task What_is_wrong_with_a_token_is_said_before_anything_is_built(string token, string? pin, string expected)
    {
        await WriteAsync(token);

        (int exitCode, string text) = Run(pin, "dotnet", [Program, "build", Source, "--output", _folder.Combine("out"), "--no-install"]);

        Assert.Equal((2, true), (exitCode, text.Contains(expected, StringComparison.Ordinal)));
        Assert.StartsWith("ember: error: ", text);
        Assert.False(Directory.Exists(_folder.Combine("out")));
    }

    [Fact]
    [Trait("Category", "Slow")]
    public async Task The_PIN_comes_from_the_environment_or_is_asked_for_at_the_terminal()
    {
        await WriteAsync("vault");

        (int exitCode, string text) = Run(Pin, "dotnet", [Program, "build", Source, "--output", _folder.Combine("one")]);
        Assert.True(exitCode == 0, text);

        // script gives the command a terminal, and types what it reads itself.
        string command = $"dotnet '{Program}' build '{Source}' --output '{_folder.Combine("two")}'";
        (exitCode, text) = Run(null, "script", ["--quiet", "--return", "--command", command, "/dev/null"], Pin + "\r");
        Assert.True(exitCode == 0, text);
        Assert.Contains("password of token 'vault', key 'release': ", text);

        foreach (string file in new[] { "usb-key.img", "usb-key.bundle", "network.efi", "build.json" })
        {
            Assert.Equal(
                await File.ReadAllBytesAsync(_folder.Combine($"one/{file}")), await File.ReadAllBytesAsync(_folder.Combine($"two/{file}")));
        }
    }

    private static string Program => Path.Combine(AppContext.BaseDirectory, "ember.dll");

    /// <summary>Writes an appliance whose key is in <paramref name="token"/>, and a token called vault.</summary>
    private async Task WriteAsync(string token)
    {
        await CliRun.InAsync(_folder.Path, arguments: ["new", "edge"]);
        _key.Write(Source);
        await File.AppendAllTextAsync(
            Path.Combine(Source, "appliance.toml"),
            $"\n[signing]\npkcs11 = {{ module = \"{Module}\", token = \"{token}\", key = \"release\", certificate = \"vendor.pem\" }}\n");
        string tokens = Directory.CreateDirectory(_folder.Combine("tokens")).FullName;
        _folder.Write("softhsm2.conf", $"directories.tokendir = {tokens}\nobjectstore.backend = file\nlog.level = ERROR\n");
        Require(Run(null, "softhsm2-util", ["--init-token", "--free", "--label", "vault", "--so-pin", "97531", "--pin", Pin]));
        Require(Run(
            null, "softhsm2-util",
            ["--import", Path.Combine(Source, "vendor.key"), "--token", "vault", "--label", "release", "--id", "A1", "--pin", Pin]));
    }

    private static void Require((int ExitCode, string Text) run) => Assert.True(run.ExitCode == 0, run.Text);

    private (int ExitCode, string Text) Run(string? pin, string program, string[] arguments, string input = "")
    {
        ProcessStartInfo start = new(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["SOFTHSM2_CONF"] = _folder.Combine("softhsm2.conf");
        if (pin is not null)
        {
            start.Environment["EMBER_PASSWORD"] = pin;
        }

        using Process process = Process.Start(start)!;
        process.StandardInput.Write(input);
        process.StandardInput.Flush();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.Result);
    }
}
