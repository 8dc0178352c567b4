using System;
using System.Collections.Generic;
using System.IO;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using Ember.Sdk;
using Ember.Sdk.Validation;

namespace Ember.Cli.Tests.Validation;

public sealed class QmpClientTests : IDisposable
{
    private const string Greeting = """{"QMP": {"version": {}, "capabilities": []}}""";

    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _events = [];
    private StreamReader? _requests;
    private Socket? _emulator;

    public void Dispose()
    {
        _emulator?.Dispose();
        _requests?.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Capabilities_are_negotiated_and_answers_reach_who_asked()
    {
        using QmpClient client = await ConnectAsync();
        Task<JsonNode?> first = client.ExecuteAsync("query-status");
        Task<JsonNode?> second = client.ExecuteAsync("device_del", new JsonObject { ["id"] = "key" });
        JsonNode request = JsonNode.Parse(await ReadAsync())!;
        JsonNode other = JsonNode.Parse(await ReadAsync())!;
        Assert.Equal("query-status", request["execute"]!.GetValue<string>());
        Assert.Equal("key", other["arguments"]!["id"]!.GetValue<string>());
        Write($$"""{"return": 2, "id": {{other["id"]}}}""");
        Write($$"""{"return": 1, "id": {{request["id"]}}}""");
        Assert.Equal(1, (await first)!.GetValue<int>());
        Assert.Equal(2, (await second)!.GetValue<int>());
    }

    [Fact]
    public async Task A_refusal_carries_QEMUs_words()
    {
        using QmpClient client = await ConnectAsync();
        Task<JsonNode?> answer = client.ExecuteAsync("device_del");
        string id = JsonNode.Parse(await ReadAsync())!["id"]!.ToString();
        Write($$"""{"error": {"class": "DeviceNotFound", "desc": "Device 'key' not found"}, "id": {{id}}}""");
        EmberException e = await Assert.ThrowsAsync<EmberException>(() => answer);
        Assert.Equal("QEMU refused: Device 'key' not found", e.Message);
    }

    [Fact]
    public async Task Events_come_in_order_and_what_is_no_message_is_passed_over()
    {
        using QmpClient client = await ConnectAsync();
        Write("""{"event": "RESUME", "timestamp": {}}""");
        Write("no json");
        Write("""{"event": "SHUTDOWN", "data": {"reason": "guest-shutdown"}}""");
        Task<JsonNode?> answer = client.ExecuteAsync("query-status");
        Write($$"""{"return": {}, "id": {{JsonNode.Parse(await ReadAsync())!["id"]}}}""");
        await answer;
        Assert.Equal(["RESUME ", "SHUTDOWN guest-shutdown"], _events);
    }

    [Fact]
    public async Task Whoever_waits_is_told_when_QEMU_goes()
    {
        using QmpClient client = await ConnectAsync();
        Task<JsonNode?> answer = client.ExecuteAsync("quit");
        await ReadAsync();
        _emulator!.Dispose();
        EmberException e = await Assert.ThrowsAsync<EmberException>(() => answer);
        Assert.StartsWith("QEMU ended before it answered", e.Message);
    }

    [Fact]
    public async Task Something_else_at_the_other_end_is_noticed()
    {
        EmberException e = await Assert.ThrowsAsync<EmberException>(() => ConnectAsync("SSH-2.0-OpenSSH"));
        Assert.Equal(3, e.ExitCode);
        Assert.Contains("'SSH-2.0-OpenSSH'", e.Message);
    }

    private async Task<QmpClient> ConnectAsync(string greeting = Greeting)
    {
        UnixDomainSocketEndPoint place = new(_folder.Combine("qmp"));
        using Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(place);
        listener.Listen(1);
        _emulator = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await _emulator.ConnectAsync(place);
        _requests = new StreamReader(new NetworkStream(_emulator));
        Write(greeting);
        Task<QmpClient> connecting = QmpClient.ConnectAsync(
            await listener.AcceptAsync(), (name, data) => _events.Add($"{name} {data?["reason"]}"));
        if (greeting != Greeting)
        {
            return await connecting;
        }

        JsonNode request = JsonNode.Parse(await ReadAsync())!;
        Assert.Equal("qmp_capabilities", request["execute"]!.GetValue<string>());
        Write($$"""{"return": {}, "id": {{request["id"]}}}""");
        return await connecting;
    }

    private async Task<string> ReadAsync() => await _requests!.ReadLineAsync() ?? throw new EndOfStreamException();

    private void Write(string line) => _emulator!.Send(Encoding.UTF8.GetBytes(line + "\n"));
}
