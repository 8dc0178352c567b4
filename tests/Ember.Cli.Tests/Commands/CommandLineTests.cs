using System;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;
using Ember.Cli.Commands;

namespace Ember.Cli.Tests.Commands;

public sealed class CommandLineTests : IDisposable
{
    private const string Commands =
        "new, summary, build, sign, run, footprint, audit, delta, publish, update, verify, inspect, diff, keys, write, test, completion";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData($"a command is missing: {Commands}; ")]
    [InlineData(
        $"'frob' is no command; there are {Commands}; ",
        "frob",
        "images/usb-key")]
    [InlineData("a command is missing: new, show; see 'ember keys --help'", "keys")]
    [InlineData("'frob' is no command; there are new, show; see 'ember keys --help'", "keys", "frob")]
    [InlineData("new needs FOLDER: Where the key and its certificate go; made if it is not there; see 'ember keys new --help'", "keys", "new")]
    [InlineData("run needs IMAGE_FOLDER: The folder that holds the appliance's appliance.toml; ", "run")]
    [InlineData("run needs IMAGE_FOLDER: ", "run", "--headless")]
    [InlineData("'--frob'", "run", "key", "--frob")]
    [InlineData("--memory much: give a whole number of MiB; ", "run", "key", "--memory", "much")]
    [InlineData("--processors two: give a whole number; ", "run", "key", "--processors", "two")]
    [InlineData("--timeout soon: give a number of seconds; ", "run", "key", "--timeout", "soon")]
    public async Task A_wrong_command_says_what_is_wrong_and_where_to_look(string expected, params string[] arguments)
    {
        CliRun run = await RunAsync(arguments);
        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith("ember: error: ", run.Error);
        Assert.Contains(expected, run.Error);
        Assert.Contains("--help'\n", run.Error);
        Assert.Equal("", run.Output);
    }

    [Theory]
    [InlineData("--machine pdp-11: no such machine; there is qemu-amd, bochs-intel, bochs-amd", "--machine", "pdp-11")]
    [InlineData("--memory 16: give MiB from 64 to 1048576", "--memory", "16")]
    [InlineData("--processors 0: qemu-amd has 1 to 16", "--processors", "0")]
    [InlineData("--processors 17: qemu-amd has 1 to 16", "--processors", "17")]
    [InlineData("--processors 16: bochs-amd has 1 to 15", "--processors", "16", "--machine", "bochs-amd")]
    [InlineData("--timeout -1: give a number of seconds from 0 to 1000000", "--timeout", "-1")]
    [InlineData("--until '': give the text to wait for", "--until", "")]
    [InlineData("--serial com1: give tcp:127.0.0.1:PORT, with a PORT from 0 (any free one) to 65535", "--serial", "com1")]
    [InlineData(
        "--serial tcp:127.0.0.1:65536: give tcp:127.0.0.1:PORT, with a PORT from 0 (any free one) to 65535",
        "--serial",
        "tcp:127.0.0.1:65536")]
    [InlineData("--interactive goes with neither --headless nor --json; leave one out", "--interactive", "--headless")]
    [InlineData(
        "--screenshot goes not with --machine bochs-intel, whose screen cannot be seen; leave it out",
        "--screenshot", "a.png", "--machine", "bochs-intel")]
    [InlineData(
        "--screenshot goes not with --machine bochs-amd, whose screen cannot be seen; leave it out",
        "--screenshot", "a.png", "--machine", "bochs-amd")]
    [InlineData("--screenshot /absent/a.png: there is no such folder; make it first", "--screenshot", "/absent/a.png")]
    public async Task A_wrong_value_is_an_error_of_the_input(string expected, params string[] options)
    {
        CliRun run = await RunAsync(["run", "key", .. options]);
        Assert.Equal((2, $"ember: error: {expected}\n"), (run.ExitCode, run.Error));
    }

    [Theory]
    [InlineData("run", "key", "--no-build")]
    [InlineData("run", "key")]
    [InlineData("test")]
    public async Task A_bare_host_is_told_what_it_lacks_and_nothing_is_installed(params string[] arguments)
    {
        _folder.Write("Embedded.sln", "");
        _folder.Write("src/Core/Ember.Core.csproj", "");
        CliRun run = await CliRun.InAsync(_folder.Path, _folder.Host, null, [.. arguments, "--no-install"]);
        Assert.Equal(3, run.ExitCode);
        Assert.StartsWith("ember: error: this host lacks ", run.Error);
        Assert.Contains("qemu-system-x86 (emulates the server)", run.Error);
        Assert.Contains("install with: sudo apt-get install ", run.Error);
    }

    [Fact]
    public async Task A_port_in_use_is_a_failure_of_the_host()
    {
        using TcpListener other = new(IPAddress.Loopback, 0);
        other.Start();
        string port = ((IPEndPoint)other.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
        CliRun run = await RunAsync("run", "key", "--no-build", "--serial", $"tcp:127.0.0.1:{port}");
        Assert.Equal(3, run.ExitCode);
        Assert.Equal(
            $"ember: error: --serial tcp:127.0.0.1:{port}: Address already in use; "
            + "choose another port or end the program that has it\n",
            run.Error);
    }

    [Fact]
    public async Task Outside_a_checkout_the_command_says_so()
    {
        CliRun run = await RunAsync("run", "key", "--no-build");
        Assert.Equal(
            (3, $"ember: error: {_folder.Path}: not inside a checkout of Ember; run tools/ember from one\n"),
            (run.ExitCode, run.Error));
    }

    [Theory]
    [InlineData("key")]
    [InlineData("key-small", "--variant", "small")]
    public async Task An_image_that_was_never_built_is_an_error_of_the_input(string output, params string[] options)
    {
        _folder.Write("Embedded.sln", "");
        _folder.Write("src/Core/Ember.Core.csproj", "");
        CliRun run = await RunAsync(["run", "key", "--no-build", .. options]);
        Assert.Equal(
            (2, $"ember: error: {_folder.Combine($"out/{output}/usb-key.img")}: no such image; build it first\n"),
            (run.ExitCode, run.Error));
    }

    [Theory]
    [InlineData("ember run images/usb-key --interactive", "run", "--help")]
    [InlineData("ember test --slow", "test", "--help")]
    [InlineData("ember keys new my-keys", "keys", "--help")]
    [InlineData("ember keys new my-keys", "keys", "new", "--help")]
    [InlineData("ember keys show out/usb-key/core.efi", "keys", "show", "--help")]
    [InlineData("ember build images/usb-key", "--help")]
    public async Task Help_ends_with_examples(string example, params string[] arguments)
    {
        CliRun run = await RunAsync(arguments);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains("  " + example, run.Output);
    }

    [Fact]
    public async Task Every_command_has_help_with_examples()
    {
        foreach (string command in Commands.Split(", "))
        {
            CliRun run = await RunAsync(command, "--help");
            Assert.Equal((0, ""), (run.ExitCode, run.Error));
            Assert.Contains("Examples:\n  ", run.Output);
        }
    }

    [Fact]
    public async Task The_version_is_one_line()
    {
        CliRun run = await RunAsync("--version");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Matches(@"^ember [0-9]+\.[0-9]+\.[0-9]+\n$", run.Output);
    }

    [Theory]
    [InlineData(null, false, "Category!=Slow&Category!=Fuzz")]
    [InlineData(null, true, "Category!=Fuzz")]
    [InlineData("Uart", false, "(FullyQualifiedName~Uart)&Category!=Slow&Category!=Fuzz")]
    [InlineData("Uart", true, "FullyQualifiedName~Uart")]
    [InlineData("A=B|C=D", false, "(A=B|C=D)&Category!=Slow&Category!=Fuzz")]
    public void The_filter_of_the_test_command_is_the_test_platforms(string? text, bool slow, string expected)
    {
        Assert.Equal(expected, TestCommand.Filter(text, slow));
    }

    private Task<CliRun> RunAsync(params string[] arguments) => CliRun.InAsync(_folder.Path, arguments: arguments);
}
