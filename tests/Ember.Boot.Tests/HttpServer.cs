using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Ember.Sdk.Compilation;
using Ember.Sdk.Hosts;
using Ember.Sdk.Validation;

namespace Ember.Boot.Tests;

/// <summary>
/// <c>tests/NetworkServer</c> in a network namespace of its own, which needs no privilege where the kernel gives users namespaces.
/// </summary>
internal sealed class HttpServer : IAsyncDisposable
{
    private const string TapDevice = "ember0";

    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(1);

    private readonly Process _process;
    private readonly Task<string> _errors;

    private HttpServer(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
        Network = new NetworkNamespace(process.Id, TapDevice);
    }

    /// <summary>The network that the machine is to be plugged into.</summary>
    public NetworkNamespace Network { get; }

    /// <summary>Starts it, and returns when a machine can be plugged in.</summary>
    /// <param name="repository">Where it has been built.</param>
    /// <param name="served">What it serves: a file that machines boot, or the files of a folder.</param>
    public static async Task<HttpServer> StartAsync(Repository repository, string served)
    {
        HostSystem host = HostSystem.Current;
        string program = Path.Combine(repository.Artifacts, "bin", "Ember.NetworkServer", "release", "Ember.NetworkServer.dll");
        ProcessStartInfo start = new(
            host.FindProgram("unshare")!,
            ["--user", "--map-root-user", "--net", "--", host.FindProgram("dotnet")!, program, TapDevice, served])
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        start.Environment["PATH"] = string.Join(':', host.SearchPath);
        HttpServer server = new(Process.Start(start)!);
        try
        {
            // What it has tried itself comes before.
            string? line = "";
            while (line is not (null or "ready"))
            {
                line = await server._process.StandardOutput.ReadLineAsync().WaitAsync(_patience);
            }

            Assert.True(line is not null, line is null ? await server._errors : "");
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends it, and tells what it was asked for.</summary>
    public async Task<IReadOnlyList<string>> StopAsync()
    {
        _process.StandardInput.Close();
        string requests = await _process.StandardOutput.ReadToEndAsync().WaitAsync(_patience);
        await _process.WaitForExitAsync().WaitAsync(_patience);
        Assert.True(_process.ExitCode == 0, await _errors);
        return [.. requests.Split('\n').Where(line => line.Length != 0)];
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
