using System;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using Ember.Sdk.Compilation;

namespace Ember.Cli.Tests.Commands;

public sealed class PublishCommandTests : IDisposable
{
    private static readonly BuildFolder _reference =
        new(Path.Combine(Repository.Containing(AppContext.BaseDirectory).Root, "out", "usb-key"));

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_server_gets_the_bundle_and_its_beginning_and_nothing_else()
    {
        CliRun run = await RunAsync("publish", _reference.Bundle, "served/edge", "--json");
        Assert.True(run.ExitCode == 0, run.Error);
        byte[] bundle = await File.ReadAllBytesAsync(_reference.Bundle);
        byte[] head = await File.ReadAllBytesAsync(_folder.Combine("served/edge/update.head.efi"));
        byte[] served = await File.ReadAllBytesAsync(_folder.Combine("served/edge/update.efi"));
        Assert.True(bundle.AsSpan().SequenceEqual(served));
        Assert.True(bundle.AsSpan().StartsWith(head));
        Assert.InRange(head.Length, 1024, 4096);
        Assert.Equal(2, Directory.GetFileSystemEntries(_folder.Combine("served/edge")).Length);
        JsonNode told = JsonNode.Parse(run.Output)!;
        Assert.Equal((head.Length, bundle.Length), ((int)told["headBytes"]!, (int)told["bytes"]!));
        Assert.Equal("served/edge/update.head.efi", told["head"]!.ToString());
    }

    [Fact]
    public async Task What_is_no_bundle_is_told_and_what_the_server_has_stays()
    {
        Assert.Equal(0, (await RunAsync("publish", _reference.Bundle, "served")).ExitCode);
        await File.WriteAllBytesAsync(_folder.Combine("cut.bundle"), (await File.ReadAllBytesAsync(_reference.Bundle))[..5000]);
        string[] before = State();
        CliRun run = await RunAsync("publish", "cut.bundle", "served");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("cut.bundle: ", run.Error, StringComparison.Ordinal);
        Assert.Equal(before, State());
    }

    private string[] State() => [.. Directory.GetFileSystemEntries(_folder.Combine("served")).Order(StringComparer.Ordinal)
        .Select(file => $"{file} {new FileInfo(file).Length} {File.GetLastWriteTimeUtc(file).Ticks}")];

    private Task<CliRun> RunAsync(params string[] arguments) => CliRun.InAsync(_folder.Path, arguments: arguments);
}
