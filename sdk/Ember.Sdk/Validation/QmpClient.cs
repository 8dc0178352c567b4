using System;
using System.Collections.Concurrent;
using System.IO;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;

namespace Ember.Sdk.Validation;

/// <summary>The control channel of a running QEMU: the QEMU Machine Protocol, one JSON object a line.</summary>
public sealed class QmpClient : IDisposable
{
    private readonly NetworkStream _stream;
    private readonly StreamReader _reader;
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonNode?>> _pending = new();
    private readonly SemaphoreSlim _writing = new(1);
    private readonly Action<string, JsonNode?> _event;
    private int _lastId;

    private QmpClient(Socket socket, Action<string, JsonNode?> onEvent)
    {
        _stream = new NetworkStream(socket, ownsSocket: true);
        _reader = new StreamReader(_stream);
        _event = onEvent;
    }

    /// <summary>Greets QEMU over <paramref name="socket"/>, which it owns from now on, and leaves negotiation mode.</summary>
    /// <param name="socket">The connection to QEMU's monitor.</param>
    /// <param name="onEvent">Called with the name and the data of every event, in order.</param>
    /// <param name="cancellation">Stops waiting for QEMU.</param>
    /// <exception cref="EmberException">What is at the other end is no QEMU (exit code 3).</exception>
    public static async Task<QmpClient> ConnectAsync(
        Socket socket, Action<string, JsonNode?> onEvent, CancellationToken cancellation = default)
    {
        QmpClient client = new(socket, onEvent);
        try
        {
            string? greeting = await client._reader.ReadLineAsync(cancellation);
            if (greeting is null || Parse(greeting)?["QMP"] is null)
            {
                throw new EmberException(ErrorKind.Host, $"QEMU did not greet on its control channel: '{greeting}'");
            }
        }
        catch
        {
            client.Dispose();
            throw;
        }

        _ = client.ReadAsync();
        await client.ExecuteAsync("qmp_capabilities", null, cancellation);
        return client;
    }

    /// <summary>Gives a command and waits for its result.</summary>
    /// <exception cref="EmberException">QEMU refused the command, or ended before it answered (exit code 1).</exception>
    public async Task<JsonNode?> ExecuteAsync(
        string command, JsonObject? arguments = null, CancellationToken cancellation = default)
    {
        int id = Interlocked.Increment(ref _lastId);
        JsonObject message = new() { ["execute"] = command, ["id"] = id };
        if (arguments is not null)
        {
            message["arguments"] = arguments;
        }

        TaskCompletionSource<JsonNode?> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _pending[id] = answer;
        try
        {
            await _writing.WaitAsync(cancellation);
            try
            {
                await _stream.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(message), cancellation);
                await _stream.WriteAsync("\n"u8.ToArray(), cancellation);
            }
            finally
            {
                _writing.Release();
            }

            return await answer.Task.WaitAsync(cancellation);
        }
        catch (IOException e)
        {
            throw Gone(command, e);
        }
        finally
        {
            _pending.TryRemove(id, out _);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _reader.Dispose();
        _stream.Dispose();
        _writing.Dispose();
    }

    private static EmberException Gone(string command, Exception? e) =>
        new(ErrorKind.Checked, $"QEMU ended before it answered '{command}'", e);

    private static JsonNode? Parse(string line)
    {
        try
        {
            return JsonNode.Parse(line);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private async Task ReadAsync()
    {
        try
        {
            while (await _reader.ReadLineAsync() is { } line)
            {
                Take(Parse(line));
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The connection went with QEMU; whoever waits for an answer is told below.
        }

        foreach (TaskCompletionSource<JsonNode?> answer in _pending.Values)
        {
            answer.TrySetException(Gone("a command", null));
        }
    }

    private void Take(JsonNode? message)
    {
        if (message?["event"] is { } name)
        {
            _event(name.GetValue<string>(), message["data"]);
        }
        else if (message?["id"] is { } id
            && _pending.TryGetValue(id.GetValue<int>(), out TaskCompletionSource<JsonNode?>? answer))
        {
            if (message["error"] is { } error)
            {
                answer.TrySetException(new EmberException(ErrorKind.Checked, $"QEMU refused: {error["desc"]}"));
            }
            else
            {
                answer.TrySetResult(message["return"]);
            }
        }
    }
}
