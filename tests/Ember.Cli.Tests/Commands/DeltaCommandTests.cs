using System;
using System.IO;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using Ember.Sdk.Compilation;

namespace Ember.Cli.Tests.Commands;

public sealed class DeltaCommandTests : IDisposable
{
    private static readonly BuildFolder _reference =
        new(Path.Combine(Repository.Containing(AppContext.BaseDirectory).Root, "out", "usb-key"));

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_delta_is_small_and_updates_a_key_that_holds_its_base()
    {
        CliRun made = await RunAsync("delta", _reference.Bundle, _reference.Bundle, "small.bundle", "--json");
        Assert.Equal((0, "small.bundle"), (made.ExitCode, JsonNode.Parse(made.Output)!["path"]!.ToString()));
        Assert.InRange(new FileInfo(_folder.Combine("small.bundle")).Length, 1, 16 * 1024);

        File.Copy(_reference.Image, _folder.Combine("key.img"));
        CliRun updated = await RunAsync("update", "key.img", "small.bundle");
        Assert.True(updated.ExitCode == 0, updated.Error);
        CliRun verified = await RunAsync("verify", "key.img");
        Assert.Equal((0, "0 errors, 0 warnings\n"), (verified.ExitCode, verified.Output));
    }

    [Fact]
    public async Task A_bundle_that_is_not_there_is_told_and_nothing_written()
    {
        CliRun run = await RunAsync("delta", "none.bundle", _reference.Bundle, "small.bundle");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("none.bundle: ", run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.Combine("small.bundle")));
    }

    private Task<CliRun> RunAsync(params string[] arguments) => CliRun.InAsync(_folder.Path, arguments: arguments);
}
