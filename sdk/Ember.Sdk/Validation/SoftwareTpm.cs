using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Ember.Sdk.Hosts;

namespace Ember.Sdk.Validation;

/// <summary>A TPM 2.0 for one machine of QEMU, new each time: swtpm. It ends with the machine.</summary>
internal sealed class SoftwareTpm : IDisposable
{
    private readonly Process? _process;

    private SoftwareTpm(string socket, Process? process)
    {
        Socket = socket;
        _process = process;
    }

    /// <summary>The socket that QEMU controls it by.</summary>
    public string Socket { get; }

    /// <summary>Starts one, and returns when QEMU can connect to it.</summary>
    /// <param name="host">The host, which has swtpm.</param>
    /// <param name="folder">Where it keeps its files; it goes with the machine.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="EmberException">It is missing or does not start (exit code 3).</exception>
    public static async Task<SoftwareTpm> StartAsync(HostSystem host, string folder, CancellationToken cancellation)
    {
        string state = Directory.CreateDirectory(Path.Combine(folder, "tpm")).FullName;
        string socket = Path.Combine(folder, "tpm.socket");
        string identity = Path.Combine(folder, "tpm.pid");

        // The command ends when the socket is there and the TPM waits in a process of its own.
        HostCommand command = new(
            "swtpm",
            "socket", "--tpm2", "--daemon", "--terminate", "--flags", "startup-clear",
            "--tpmstate", $"dir={state}", "--ctrl", $"type=unixio,path={socket}", "--pid", $"file={identity}")
        {
            Package = "swtpm",
        };
        HostCommandResult result = await command.RunAsync(host, cancellation);
        if (result.ExitCode != 0)
        {
            throw new EmberException(ErrorKind.Host, $"swtpm does not start: {result.Error.Trim()}");
        }

        int process = int.Parse(await File.ReadAllTextAsync(identity, cancellation), CultureInfo.InvariantCulture);
        try
        {
            return new SoftwareTpm(socket, Process.GetProcessById(process));
        }
        catch (ArgumentException)
        {
            // Ended already: QEMU will say that nobody is there.
            return new SoftwareTpm(socket, null);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_process is { HasExited: false })
        {
            _process.Kill();
        }

        _process?.Dispose();
    }
}
