using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Ember.Sdk;
using Ember.Sdk.Validation;

namespace Ember.Cli.Terminals;

/// <summary>
/// Lets a lab's programs attach to a machine's serial port over TCP, on this host alone: each gets everything the machine sent
/// and
/// will send, and what each sends goes to the machine.
/// </summary>
internal sealed class SerialServer : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly Lock _lock = new();
    private readonly List<NetworkStream> _clients = [];
    private readonly CancellationTokenSource _closing = new();
    private readonly MemoryStream _sent = new();
    private Task _accepting = Task.CompletedTask;

    private SerialServer(TcpListener listener) => _listener = listener;

    /// <summary>The port it listens at.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Listens at <paramref name="port"/>; 0 takes a free one.</summary>
    /// <exception cref="EmberException">The port is in use, or not for this user (exit code 3).</exception>
    public static SerialServer Open(int port)
    {
        TcpListener listener = new(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return new SerialServer(listener);
        }
        catch (SocketException e)
        {
            listener.Dispose();
            string number = port.ToString(CultureInfo.InvariantCulture);
            throw new EmberException(
                ErrorKind.Host,
                $"--serial tcp:127.0.0.1:{number}: {e.Message}; choose another port or end the program that has it",
                e);
        }
    }

    /// <summary>Starts to serve the serial port of <paramref name="machine"/>.</summary>
    public void Serve(IEmulatedMachine machine) => _accepting = AcceptAsync(machine);

    /// <summary>Passes on what the machine sent.</summary>
    public void Send(ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            _sent.Write(bytes);
            for (int i = _clients.Count - 1; i >= 0; i--)
            {
                if (!TrySend(_clients[i], bytes))
                {
                    _clients[i].Dispose();
                    _clients.RemoveAt(i);
                }
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        _listener.Dispose();
        await _accepting;
        lock (_lock)
        {
            _clients.ForEach(client => client.Dispose());
        }

        _closing.Dispose();
        await _sent.DisposeAsync();
    }

    private static bool TrySend(NetworkStream client, ReadOnlySpan<byte> bytes)
    {
        try
        {
            client.Write(bytes);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private async Task AcceptAsync(IEmulatedMachine machine)
    {
        try
        {
            while (true)
            {
                Socket socket = await _listener.AcceptSocketAsync(_closing.Token);
                // A program that attaches and then reads nothing must not hold the machine up for long.
                socket.SendTimeout = 1000;
                NetworkStream client = new(socket, ownsSocket: true);
                lock (_lock)
                {
                    if (TrySend(client, _sent.ToArray()))
                    {
                        _clients.Add(client);
                    }
                }

                _ = ReceiveAsync(client, machine);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // Closed.
        }
    }

    private async Task ReceiveAsync(NetworkStream client, IEmulatedMachine machine)
    {
        byte[] buffer = new byte[256];
        try
        {
            int count;
            while ((count = await client.ReadAsync(buffer, _closing.Token)) > 0)
            {
                await machine.SendAsync(buffer.AsMemory(0, count), _closing.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or IOException)
        {
            // The other program left, or the run is over.
        }
    }
}
