using System;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;
using Ember.Sdk.Compilation;

namespace Ember.Cli.Tests.Commands;

/// <summary>The commands on the core of the reference appliance, which <c>ember test</c> builds before it runs any test.</summary>
public sealed class FootprintCommandTests : IDisposable
{
    private static readonly string _repository = Repository.Containing(AppContext.BaseDirectory).Root;
    private static readonly string _core = Path.Combine(_repository, "out", "usb-key", "core.efi");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_tree_has_a_row_for_each_assembly()
    {
        CliRun run = await RunAsync("footprint", _core, "--depth", "1");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains("─ Ember.Core ", run.Output);
        Assert.Contains("─ Ember.Stubs ", run.Output);
        Assert.Contains($" {new FileInfo(_core).Length:N0} ", run.Output);
    }

    [Fact]
    public async Task An_appliance_s_folder_stands_for_what_was_built_of_it()
    {
        CliRun run = await RunAsync("footprint", Path.Combine(_repository, "images", "usb-key"), "--no-build", "--depth", "0");
        Assert.Equal(0, run.ExitCode);
        Assert.StartsWith("usb-key.img ", run.Output.Split('\n')[1]);
    }

    [Fact]
    public async Task The_answer_for_programs_is_JSON_and_nothing_else()
    {
        CliRun run = await RunAsync("footprint", _core, "--json");
        using JsonDocument json = JsonDocument.Parse(run.Output);
        Assert.Equal(1, json.RootElement.GetProperty("format").GetInt32());
    }

    [Fact]
    public async Task A_build_held_against_itself_has_not_changed()
    {
        string baseline = Path.Combine(_folder.Path, "before.json");
        Assert.Equal(0, (await RunAsync("footprint", _core, "--save", baseline, "--depth", "0")).ExitCode);
        CliRun saved = await RunAsync("footprint", _core, "--diff", baseline);
        CliRun built = await RunAsync("footprint", _core, "--diff", _core);
        Assert.EndsWith("(0)\n", saved.Output);
        Assert.EndsWith("(0)\n", built.Output);
    }

    [Fact]
    public async Task The_history_gets_one_line_for_each_core()
    {
        string history = Path.Combine(_folder.Path, "history.jsonl");
        CliRun first = await RunAsync("footprint", _core, "--history", history, "--revision", "r1");
        CliRun again = await RunAsync("footprint", _core, "--history", history, "--revision", "r2");
        Assert.StartsWith("r1 ", first.Output);
        Assert.Equal(first.Output, again.Output);
        Assert.Single(File.ReadAllLines(history));
    }

    [Fact]
    public async Task Why_something_is_there_begins_at_the_entry_point()
    {
        CliRun run = await RunAsync("footprint", _core, "--why", "FaultReport");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("it is there because of:\n  Ember.Core.Startup.EntryPoint.EfiMain(", run.Output);
    }

    [Fact]
    public async Task A_stub_s_machine_code_is_shown()
    {
        CliRun run = await RunAsync("footprint", _core, "--method", "EmberReadMsr");
        Assert.Equal(["rdmsr", "shl rdx, 0x20", "or rax, rdx", "ret"], run.Output.Split('\n')[1..5].Select(line => line[14..].Trim()));
    }

    [Fact]
    public async Task What_the_running_core_takes_is_a_column()
    {
        string log = Path.Combine(_folder.Path, "serial.log");
        await File.WriteAllTextAsync(
            log,
            "ember: memory: image 232 KiB, files 8 KiB, payloads 4 KiB, stacks 80 KiB, page tables 64 of 2048 KiB, virtualization 16 KiB, "
            + "machines 12 KiB, guests 0 KiB, free 1000 of 9000 KiB\r\n");
        CliRun run = await RunAsync("footprint", _core, "--log", log, "--depth", "2");
        Assert.Contains("run time", run.Output);
        Assert.Contains("─ running core ", run.Output);
        Assert.Contains("2,220,032", run.Output);
    }

    [Fact]
    public async Task A_page_is_written_whole_and_holds_the_audit()
    {
        string page = Path.Combine(_folder.Path, "footprint.html");
        CliRun run = await RunAsync("footprint", _core, "--html", page, "--depth", "0");
        Assert.Equal(0, run.ExitCode);
        Assert.StartsWith("<!doctype html>", File.ReadAllText(page), StringComparison.OrdinalIgnoreCase);
        Assert.InRange(new FileInfo(page).Length, 1, 1_000_000);
    }

    [Fact]
    public async Task The_core_keeps_every_rule()
    {
        CliRun run = await RunAsync("audit", _core);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal(Enumerable.Range(1, 8).Select(rule => $"holds   {rule}."), run.Output.TrimEnd().Split('\n').Select(line => line[..10]));
    }

    [Theory]
    [InlineData("absent.efi: not found; give a core.efi, an image, or an appliance's folder\n", "footprint", "absent.efi")]
    [InlineData("absent.efi: not found; give a core.efi, an image, or an appliance's folder\n", "audit", "absent.efi")]
    [InlineData("--json, --csv and --markdown do not go together; leave all but one out\n", "footprint", "x", "--json", "--csv")]
    [InlineData("--why does not go with --method; leave one out\n", "footprint", "x", "--why", "a", "--method", "b")]
    [InlineData("--why answers in text only; the paths are in --json without it\n", "footprint", "x", "--why", "a", "--json")]
    [InlineData("--depth -1: give a number from 0 on\n", "footprint", "x", "--depth", "-1")]
    [InlineData("--top 0: give a number from 1 on\n", "footprint", "x", "--top", "0")]
    public async Task A_wrong_call_is_an_error_of_the_input(string problem, params string[] arguments)
    {
        CliRun run = await RunAsync(arguments);
        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith("ember: error: ", run.Error);
        Assert.EndsWith(problem, run.Error);
    }

    [Fact]
    public async Task A_log_without_the_core_s_word_is_refused()
    {
        string log = Path.Combine(_folder.Path, "serial.log");
        await File.WriteAllTextAsync(log, "ember: Ember 0.1.0\n");
        CliRun run = await RunAsync("footprint", _core, "--log", log);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("serial.log: the core does not say 'ember: memory: …' in it", run.Error);
    }

    private Task<CliRun> RunAsync(params string[] arguments) => CliRun.InAsync(_folder.Path, null, _repository, arguments);
}
