using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics;
using System.IO;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace Ember.Sdk.Hosts;

/// <summary>One host program with its arguments, run to its end. No shell comes between.</summary>
/// <param name="program">The program's name, looked for in the host's search path, or its full path.</param>
/// <param name="arguments">The arguments, passed on exactly as they are.</param>
public sealed class HostCommand(string program, params IReadOnlyList<string> arguments)
{
    /// <summary>The directory the program runs in; null for the current one.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>Variables to set in the program's environment, besides those it inherits.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();

    /// <summary>Called with every line of standard output and standard error, on any thread, while the program runs.</summary>
    public Action<string>? LineReceived { get; init; }

    /// <summary>Reads standard output as bytes instead of keeping it as text. What it leaves unread is thrown away.</summary>
    public Func<Stream, Task>? OutputReader { get; init; }

    /// <summary>The Debian package that brings the program, for the message when it is absent.</summary>
    public string? Package { get; init; }

    /// <summary>How long the program may take; null for ever.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Runs the program. Cancelling kills it with all it started, and so does a failing
    /// <see cref="OutputReader"/>.</summary>
    /// <exception cref="EmberException">The host has no such program, or it took too long (exit code 3).</exception>
    public async Task<HostCommandResult> RunAsync(HostSystem host, CancellationToken cancellation = default)
    {
        StringBuilder output = new();
        StringBuilder error = new();
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using Process process = Start(host, output, error);
        if (Timeout is { } timeout)
        {
            limit.CancelAfter(timeout);
        }

        try
        {
            await ReadOutputAsync(process).WaitAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            await KillAsync(process);
            throw new EmberException(ErrorKind.Host, $"'{program}' was not done after {Timeout}; it was stopped", e);
        }
        catch
        {
            await KillAsync(process);
            throw;
        }

        return new HostCommandResult(process.ExitCode, output.ToString(), error.ToString());
    }

    private static async Task KillAsync(Process process)
    {
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync(CancellationToken.None);
    }

    private async Task ReadOutputAsync(Process process)
    {
        if (OutputReader is not null)
        {
            Stream output = process.StandardOutput.BaseStream;
            await OutputReader(output);
            await output.CopyToAsync(Stream.Null);
        }
    }

    private Process Start(HostSystem host, StringBuilder output, StringBuilder error)
    {
        string path = host.FindProgram(program)
            ?? throw new EmberException(ErrorKind.Host, Missing());
        ProcessStartInfo start = new(path, arguments)
        {
            WorkingDirectory = WorkingDirectory ?? "",
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach ((string name, string value) in Variables)
        {
            start.Environment[name] = value;
        }

        Process process = new() { StartInfo = start };
        process.OutputDataReceived += (_, line) => Take(output, line.Data);
        process.ErrorDataReceived += (_, line) => Take(error, line.Data);
        try
        {
            process.Start();
        }
        catch (Win32Exception e)
        {
            process.Dispose();
            throw new EmberException(ErrorKind.Host, $"{path}: cannot be started: {e.Message}", e);
        }

        process.StandardInput.Close();
        if (OutputReader is null)
        {
            process.BeginOutputReadLine();
        }

        process.BeginErrorReadLine();
        return process;
    }

    private string Missing() => Package is null
        ? $"'{program}' not found; install it or add its directory to PATH"
        : $"'{program}' not found; install the Debian package '{Package}'";

    private void Take(StringBuilder text, string? line)
    {
        if (line is null)
        {
            return;
        }

        text.Append(line).Append('\n');
        LineReceived?.Invoke(line);
    }
}
