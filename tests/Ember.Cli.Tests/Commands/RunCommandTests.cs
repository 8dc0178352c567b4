using System;
using System.Globalization;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Tasks;

namespace Ember.Cli.Tests.Commands;

/// <summary>Runs of an image that holds nothing: the firmware says so, which is enough to see the whole command at
/// work.</summary>
public sealed class RunCommandTests : IDisposable
{
    private const string FirmwareGivesUp = "BdsDxe: failed to load Boot0001";

    private readonly TemporaryFolder _folder = new();

    public RunCommandTests()
    {
        _folder.Write("Embedded.sln", "");
        _folder.Write("src/Core/Ember.Core.csproj", "");
        _folder.Write("out/key/usb-key.img", new string('\0', 1 << 20));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_text_that_comes_ends_the_run_well_and_the_serial_port_is_shown_as_plain_text()
    {
        CliRun run = await RunAsync("--until", FirmwareGivesUp, "--timeout", "120", "--screenshot", "screen.png");
        Assert.Equal("", run.Error);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains(FirmwareGivesUp, run.Output);
        Assert.DoesNotContain('\x1B', run.Output);
        Assert.True(new FileInfo(_folder.Combine("screen.png")).Length > 100);
    }

    [Fact]
    public async Task A_machine_that_never_gets_there_fails_with_the_reason_also_as_JSON()
    {
        CliRun run = await RunAsync("--timeout", "0.2", "--headless", "--json");
        Assert.Equal(1, run.ExitCode);
        JsonNode report = JsonNode.Parse(run.Output)!;
        Assert.False(report["passed"]!.GetValue<bool>());
        Assert.StartsWith(
            "0.2 s passed before the guest reached user space and powered off; ", report["reason"]!.GetValue<string>());
        Assert.Equal($"ember: error: {report["reason"]}\n", run.Error);
    }

    [Theory]
    [InlineData("reset -s", "the machine powered off before the guest reached user space and powered off; ")]
    [InlineData("reset", "the machine was reset before the guest reached user space and powered off; ")]
    public async Task Another_program_can_attach_and_type_and_the_end_it_brings_about_is_told(string typed, string reason)
    {
        int port = FreePort();
        Task<CliRun> run = RunAsync(
            "--timeout", "120", "--headless", "--serial", "tcp:127.0.0.1:" + port.ToString(CultureInfo.InvariantCulture));
        using TcpClient client = await ConnectAsync(port, run);
        await using NetworkStream stream = client.GetStream();
        await ReadUntilAsync(stream, "in 5 seconds");
        await stream.WriteAsync("\x1B"u8.ToArray());
        await ReadUntilAsync(stream, "Shell>");
        await stream.WriteAsync(Encoding.ASCII.GetBytes(typed + "\r"));
        CliRun ended = await run;
        Assert.Equal(1, ended.ExitCode);
        Assert.Contains($"ember: error: {reason}", ended.Error);
    }

    private static int FreePort()
    {
        using TcpListener probe = new(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private static async Task ReadUntilAsync(NetworkStream stream, string text)
    {
        StringBuilder received = new();
        byte[] buffer = new byte[4096];
        while (!received.ToString().Contains(text, StringComparison.Ordinal))
        {
            int count = await stream.ReadAsync(buffer);
            Assert.True(count > 0, $"ended without '{text}': {received}");
            received.Append(Encoding.ASCII.GetString(buffer, 0, count));
        }
    }

    private static async Task<TcpClient> ConnectAsync(int port, Task<CliRun> run)
    {
        // The command listens before it starts the machine, so the port opens or the command ends.
        while (true)
        {
            TcpClient client = new();
            try
            {
                await client.ConnectAsync(IPAddress.Loopback, port);
                return client;
            }
            catch (SocketException) when (!run.IsCompleted)
            {
                client.Dispose();
                await Task.Yield();
            }
        }
    }

    private Task<CliRun> RunAsync(params string[] options) =>
        CliRun.InAsync(_folder.Path, arguments: ["run", "key", "--no-build", .. options]);
}
