using System;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using Ember.Sdk.Compilation;
using Ember.Sdk.Signing;

namespace Ember.Cli.Tests.Commands;

/// <summary>The image of the reference appliance, which <c>ember test</c> builds before it runs any test, and files that are
/// none.</summary>
public sealed class VerifyCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static string Image { get; } = Path.Combine(Repository.Containing(AppContext.BaseDirectory).Output, "usb-key", "usb-key.img");

    [Fact]
    public async Task An_image_in_order_is_found_to_be()
    {
        CliRun run = await RunAsync("verify", Image, "--certificate", CommonTestKey.CertificatePath);
        Assert.Equal((0, "0 errors, 0 warnings\n"), (run.ExitCode, run.Output));
        Assert.Contains("ember: BANK-A: core.efi\n", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_image_that_is_cut_off_is_found_bad()
    {
        File.WriteAllBytes(_folder.Combine("short.img"), new byte[1 << 20]);
        CliRun run = await RunAsync("verify", "short.img");
        Assert.Equal(1, run.ExitCode);
        Assert.Matches(@"\nGPT-01 +error +primary GPT header, byte 512 \(sector 1\)\n", run.Output);
        Assert.Matches("^[1-9][0-9]* errors, [0-9]+ warnings$", run.Output.TrimEnd().Split('\n').Last());

        CliRun json = await RunAsync("verify", "short.img", "--json");
        Assert.Equal(1, json.ExitCode);
        JsonNode report = JsonNode.Parse(json.Output)!;
        Assert.Equal((int)report["errors"]! + (int)report["warnings"]!, report["findings"]!.AsArray().Count);
        Assert.Contains(report["findings"]!.AsArray(), finding => (string?)finding!["id"] == "GPT-01" && (long)finding["lba"]! == 1);
    }

    [Fact]
    public async Task What_cannot_be_read_is_named()
    {
        CliRun absent = await RunAsync("verify", "absent.img");
        Assert.Equal(2, absent.ExitCode);
        Assert.Contains($"ember: error: {_folder.Combine("absent.img")}: cannot be read: ", absent.Error, StringComparison.Ordinal);

        string text = _folder.Write("text", "no certificate");
        CliRun certificate = await RunAsync("verify", Image, "--certificate", "text");
        Assert.Equal(2, certificate.ExitCode);
        Assert.StartsWith($"ember: error: {text}: not a certificate that can be read: ", certificate.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_image_is_inspected_for_people_and_for_programs()
    {
        CliRun text = await RunAsync("inspect", Image);
        Assert.Equal(0, text.ExitCode);
        Assert.Contains("bank A: Ember Ember USB key 0.1.0, security version 0\n", text.Output, StringComparison.Ordinal);
        Assert.Contains("   vm linux: 256 MiB, 1 processors, Linux64\n      vmlinuz", text.Output, StringComparison.Ordinal);

        CliRun json = await RunAsync("inspect", Image, "--json");
        Assert.Equal(0, json.ExitCode);
        JsonNode contents = JsonNode.Parse(json.Output)!;
        Assert.Equal("good", (string?)contents["state"]!["a"]!["condition"]);
        Assert.Equal(32, (int)contents["partitions"]![0]!["volume"]!["fatBits"]!);
        Assert.Equal("linux64", (string?)contents["banks"]![1]!["plan"]!["machines"]![0]!["bootProtocol"]);

        // Image and record come from one build.
        JsonNode record = JsonNode.Parse(File.ReadAllText(Path.Combine(Path.GetDirectoryName(Image)!, BuildRecord.FileName)))!;
        Assert.Equal(["11", "12"], record["pcrs"]!.AsArray().Select(pcr => pcr!["index"]!.ToString()));
        Assert.True(JsonNode.DeepEquals(record["pcrs"], contents["banks"]![0]!["pcrs"]), json.Output);
        Assert.All(
            record["pcrs"]!.AsArray(),
            pcr => Assert.Contains($"   PCR {pcr!["index"]} sha256 {pcr["value"]} (", text.Output, StringComparison.Ordinal));
    }

    private Task<CliRun> RunAsync(params string[] arguments) => CliRun.InAsync(_folder.Path, null, null, arguments);
}
