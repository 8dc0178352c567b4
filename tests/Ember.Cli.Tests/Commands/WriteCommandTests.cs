using System;
using System.Collections.Generic;
using System.IO;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using Ember.Cli.Commands;
using Ember.Cli.Terminals;
using Ember.Cli.Tests.Validation;
using Ember.Sdk.Hosts;
using Ember.Sdk.Media;

namespace Ember.Cli.Tests.Commands;

public sealed class WriteCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public WriteCommandTests()
    {
        _folder.Write("root/proc/self/mountinfo", "20 1 8:33 / /mnt rw - ext4 /dev/sdc1 rw\n");
        Disk("sda", "8:0", "0");
        Disk("sdb", "8:16", "1");
        _folder.Write("root/sys/block/sdb/serial", "S1\n");
        _folder.Write("root/sys/block/sdb/device/model", "Key\u202E\n");
        Disk("sdc", "8:32", "1");
        _folder.Write("root/sys/block/sdc/sdc1/partition", "1");
        _folder.Write("root/sys/block/sdc/sdc1/dev", "8:33");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Removable_devices_are_listed_with_what_refuses_them()
    {
        CliRun run = await RunAsync("write", "--list");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal(
            "/dev/sdb  Key?  serial S1  8.0 GB (8,000,000,000 bytes)\n"
            + "/dev/sdc  unnamed  no serial number  8.0 GB (8,000,000,000 bytes)\n"
            + "  refused by rule 'mounted': /dev/sdc1 is mounted at /mnt; unmount it (umount)\n",
            run.Output);
        JsonArray json = JsonNode.Parse((await RunAsync("write", "--list", "--json")).Output)!.AsArray();
        Assert.Equal(2, json.Count);
        Assert.Equal(("S1", "sdc:8000000000", "mounted"), (
            json[0]!["serial"]!.GetValue<string>(),
            json[1]!["confirmation"]!.GetValue<string>(),
            json[1]!["refusals"]![0]!["rule"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Without_a_device_they_are_listed_too_and_nothing_counts_as_written()
    {
        CliRun run = await RunAsync("write", Image());
        Assert.Equal((2, "ember: nothing was written; name one of these devices\n"), (run.ExitCode, run.Error));
        Assert.Contains("/dev/sdb", run.Output, StringComparison.Ordinal);
        run = await RunAsync("write");
        Assert.Equal((2, "ember: error: write needs IMAGE: the image of a key; see 'ember write --help'\n"), (run.ExitCode, run.Error));
    }

    [Fact]
    public async Task A_file_is_written_and_read_back_and_the_result_says_so()
    {
        CliRun run = await RunAsync("write", Image(), "copy.img", "--file", "--json");
        Assert.Equal(0, run.ExitCode);
        JsonObject json = JsonNode.Parse(run.Output)!.AsObject();
        Assert.Equal(json["imageSha256"]!.GetValue<string>(), json["deviceSha256"]!.GetValue<string>());
        Assert.Equal(await File.ReadAllBytesAsync(Image()), await File.ReadAllBytesAsync(_folder.Combine("copy.img")));
        run = await RunAsync("write", Image(), "copy.img", "--file", "--changed-only");
        Assert.Contains(": 0 bytes written", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/dev/ember-no-such-device", "there is no such device")]
    [InlineData("new.img", "there is no such device")]
    [InlineData("key.img", "is no disk")]
    public async Task What_is_no_device_is_not_written_and_not_made(string target, string what)
    {
        CliRun run = await RunAsync("write", Image(), target);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(what, run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.Combine("new.img")));
    }

    [Fact]
    public void Progress_tells_rate_and_time_left_and_keeps_the_times_of_phases()
    {
        ManualClock clock = new();
        List<string> lines = [];
        TransferProgress progress = new(clock, isTerminal: false, lines.Add);
        progress.Report(new MediumProgress(MediumPhase.Writing, 0, 1_000_000_000));
        clock.Advance(TimeSpan.FromSeconds(10));
        progress.Report(new MediumProgress(MediumPhase.Writing, 100_000_000, 1_000_000_000));
        progress.Report(new MediumProgress(MediumPhase.Writing, 110_000_000, 1_000_000_000));
        progress.Report(new MediumProgress(MediumPhase.Verifying, 5, 10));
        Assert.Equal(["writing: 0 %", "writing: 10 %, 10.0 MB/s, 1:30 left", "reading back: 50 %"], lines);
        Assert.Equal(TimeSpan.FromSeconds(10), progress.TimeOf(MediumPhase.Writing));
        Assert.Equal(0, TransferProgress.Rate(5, TimeSpan.Zero));
    }

    private void Disk(string name, string number, string removable)
    {
        _folder.Write($"root/sys/block/{name}/dev", number);
        _folder.Write($"root/sys/block/{name}/size", "15625000");
        _folder.Write($"root/sys/block/{name}/removable", removable);
    }

    private string Image() => EmptyKey.Write(_folder);

    private async Task<CliRun> RunAsync(params string[] arguments)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        CliHost host = new(HostSystem.Current, output, error, _folder.Path) { SystemRoot = _folder.Combine("root"), Ask = _ => null };
        int exitCode = await EmberCommand.RunAsync(arguments, host);
        return new CliRun(exitCode, output.ToString(), error.ToString());
    }
}
