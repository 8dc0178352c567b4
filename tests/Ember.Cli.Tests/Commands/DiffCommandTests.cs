using System;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using Ember.Sdk.Compilation;

namespace Ember.Cli.Tests.Commands;

public sealed class DiffCommandTests : IDisposable
{
    // In the first cluster of bank A's first file.
    private const int InBankA = (65 << 20) + (128 << 10);

    private static readonly string _image =
        new BuildFolder(Path.Combine(Repository.Containing(AppContext.BaseDirectory).Root, "out", "usb-key")).Image;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_same_image_is_the_same()
    {
        CliRun run = await RunAsync("diff", _image, _image);
        Assert.Equal((0, "the same to the bit\n"), (run.ExitCode, run.Output));
    }

    [Fact]
    public async Task One_bit_is_found_and_told_to_people_and_to_programs()
    {
        File.Copy(_image, _folder.Combine("other.img"));
        using (FileStream file = File.Open(_folder.Combine("other.img"), FileMode.Open))
        {
            file.Position = InBankA;
            int value = file.ReadByte();
            file.Position = InBankA;
            file.WriteByte((byte)(value ^ 1));
        }

        CliRun text = await RunAsync("diff", _image, "other.img");
        Assert.Equal(1, text.ExitCode);
        Assert.StartsWith("1 byte differs\n", text.Output, StringComparison.Ordinal);
        Assert.Contains("\n  bank A: verifies: yes -> no\n", text.Output, StringComparison.Ordinal);

        CliRun json = await RunAsync("diff", _image, "other.img", "--json");
        JsonNode difference = JsonNode.Parse(json.Output)!;
        Assert.Equal((1, 1), (json.ExitCode, (int)difference["differentBytes"]!));
        JsonNode changed = difference["files"]!.AsArray().Single()!;
        Assert.Equal(("BANK-A", 1), (changed["partition"]!.ToString(), (int)changed["differentBytes"]!));
    }

    private Task<CliRun> RunAsync(params string[] arguments) => CliRun.InAsync(_folder.Path, arguments: arguments);
}
