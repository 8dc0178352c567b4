using System;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using Ember.Sdk.Compilation;
using Ember.Sdk.Manifests;

namespace Ember.Cli.Tests.Commands;

public sealed class NewAndSummaryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string ManifestPath => _folder.Combine("edge/appliance.toml");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("edge")]
    [InlineData("box-1", "--name", "box-1")]
    public async Task A_new_appliance_is_a_good_one_of_the_given_name(string name, params string[] options)
    {
        CliRun run = await RunAsync(["new", "edge", .. options]);

        Assert.Equal(
            (0, "", $"{ManifestPath}\n{_folder.Combine("edge/appliance.schema.json")}\n{_folder.Combine("edge/init")}\n"),
            (run.ExitCode, run.Error, run.Output));
        Manifest manifest = ApplianceBuild.ReadManifest(_folder.Combine("edge"));
        Assert.Equal((name, name), (manifest.Name, manifest.Product));
        Assert.True(File.GetUnixFileMode(_folder.Combine("edge/init")).HasFlag(UnixFileMode.UserExecute));
        Assert.StartsWith("#!/bin/sh\n", await File.ReadAllTextAsync(_folder.Combine("edge/init")));
    }

    [Fact]
    public async Task What_the_new_manifest_has_behind_number_signs_is_good_too()
    {
        await RunAsync("new", "edge");
        _folder.Write("edge/logo.png", "");
        _folder.Write("edge/release-key.pem", "");
        _folder.Write("edge/release-certificate.pem", "");
        string[] lines = [.. (await File.ReadAllLinesAsync(ManifestPath))
            .Select(line => line.StartsWith("# ", StringComparison.Ordinal) && (line.Contains(" = ") || line.StartsWith("# ["))
                ? line[2..]
                : line)];
        await File.WriteAllLinesAsync(ManifestPath, lines);

        Manifest manifest = ApplianceBuild.ReadManifest(_folder.Combine("edge"), "large");

        Assert.Equal((1u, 4u), (manifest.SecurityVersion, Assert.Single(manifest.Machines).ProcessorCount));
        Assert.NotNull(manifest.Signing);
        Assert.Equal(("Help: +1 555 0100", _folder.Combine("edge/logo.png")), (manifest.Banner, manifest.Logo));
    }

    [Theory]
    [InlineData("a file")]
    [InlineData("a folder with something in it")]
    public async Task What_is_there_is_never_written_over(string there)
    {
        _folder.Write(there == "a file" ? "edge" : "edge/precious", "mine");

        CliRun run = await RunAsync("new", "edge");

        Assert.Equal(
            (2, $"ember: error: {_folder.Combine("edge")}: is there and not an empty folder; choose another\n"), (run.ExitCode, run.Error));
        Assert.Single(Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_folder_whose_name_no_appliance_has_needs_another_name()
    {
        CliRun run = await RunAsync("new", "my appliance");

        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith("ember: error: 'my appliance' is no name of an appliance; give --name with ", run.Error);
        Assert.False(Directory.Exists(_folder.Combine("my appliance")));
        Assert.Equal(0, (await RunAsync("new", "my appliance", "--name", "mine")).ExitCode);
    }

    [Fact]
    public async Task A_summary_tells_what_would_be_built_with_which_key()
    {
        await RunAsync("new", "edge");

        CliRun run = await RunAsync("summary", "edge");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal(
            [
                "appliance               edge",
                "product                 edge 0.1.0, Your company",
                "banner                  none",
                "logo                    none",
                "security                version 0",
                "variants                none",
                "image                   as its files need",
                "  EFI system partition  64MiB",
                "  BANK-A                as its files need",
                "  BANK-B                as its files need",
                "  STATE                 1MiB",
                "banks                   the common test key; CN=Ember test key - not for release; test key, not for release",
            ],
            run.Output.Split('\n').Take(12));
        Assert.Contains("\nvm 'linux'              256MiB, 1 processors\n", run.Output);
        Assert.Contains("Debian's linux-image-cloud-amd64\n", run.Output);
    }

    [Fact]
    public async Task A_summary_of_a_variant_knows_every_partition_when_the_manifest_gives_the_size()
    {
        await RunAsync("new", "edge");
        await File.AppendAllTextAsync(ManifestPath, "\n[variants.small.image]\nlayout = \"compact-16\"\n");

        CliRun run = await RunAsync("summary", "edge", "--variant", "small", "--json");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        JsonNode summary = JsonNode.Parse(run.Output)!;
        Assert.Equal("small", (string?)summary["variant"]);
        Assert.Equal(["small"], summary["variants"]!.AsArray().Select(name => (string?)name));
        Assert.Equal(14 << 20, (long?)summary["image"]!["size"]);
        Assert.Contains("is FAT16", (string?)summary["image"]!["warning"]);
        Assert.Equal(
            [(1L << 20, 3L << 20), (4 << 20, 4 << 20), (8 << 20, 4 << 20), (12 << 20, 1 << 20)],
            summary["image"]!["partitions"]!.AsArray().Select(part => ((long)part!["offset"]!, (long)part["size"]!)));
        Assert.True((bool?)summary["keys"]!["bank"]!["testKey"]);
    }

    [Fact]
    public async Task A_summary_fails_when_any_variant_is_wrong()
    {
        await RunAsync("new", "edge");
        int line = (await File.ReadAllLinesAsync(ManifestPath)).Length + 2;
        await File.AppendAllTextAsync(ManifestPath, "[variants.small.image]\nlayuot = \"compact-16\"\n");

        CliRun run = await RunAsync("summary", "edge");

        Assert.Equal(
            (2, $"ember: error: {ManifestPath}:{line}: [image]: unknown key 'layuot'; did you mean 'layout'?\n"),
            (run.ExitCode, run.Error));
    }

    [Theory]
    [InlineData("appliance.toml: no variant 'r64'; it has none: write [variants.r64]", "--variant", "r64")]
    [InlineData("has no [variants.NAME]; leave it out", "--all")]
    [InlineData("'vmdk' is no format of an image; there are img, img.zst, qcow2, vhd, iso", "--format", "vmdk")]
    public async Task A_build_of_what_there_is_not_is_refused_before_anything_is_done(string expected, params string[] options)
    {
        await RunAsync("new", "edge");

        CliRun run = await RunAsync(["build", "edge", .. options]);

        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith("ember: error: ", run.Error);
        Assert.EndsWith(expected + "\n", run.Error);
    }

    private Task<CliRun> RunAsync(params string[] arguments) => CliRun.InAsync(_folder.Path, arguments: arguments);
}
