using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Ember.Sdk.Hosts;

namespace Ember.Boot.Tests;

/// <summary>A PC of QEMU without the hypervisor, which starts a test guest by itself: what a guest says there is what it should say
/// in a virtual machine.</summary>
internal static class PlainMachine
{
    /// <summary>Its memory.</summary>
    public const int MemoryMiB = 64;

    private static readonly TimeSpan _limit = TimeSpan.FromMinutes(4);

    /// <summary>Runs a kernel with a PVH entry until it powers off or resets.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="processors">How many processors the machine has.</param>
    /// <param name="lastLine">Ends the machine when it sends a line like this; null to wait for its own end.</param>
    /// <returns>The lines it sent.</returns>
    public static async Task<IReadOnlyList<string>> RunAsync(byte[] kernel, int processors = 1, Predicate<string>? lastLine = null)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("ember-plain-");
        try
        {
            string file = Path.Combine(folder.FullName, "kernel");
            await File.WriteAllBytesAsync(file, kernel);
            ProcessStartInfo start = new(
                HostSystem.Current.FindProgram("qemu-system-x86_64")!,
                [
                    "-nodefaults", "-no-user-config", "-machine", "q35", "-cpu", "max", "-accel", "tcg",
                    "-m", MemoryMiB.ToString(CultureInfo.InvariantCulture), "-smp", processors.ToString(CultureInfo.InvariantCulture),
                    "-display", "none", "-serial", "stdio", "-no-reboot", "-kernel", file,
                ])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            };
            using Process process = Process.Start(start)!;
            return await ReadAsync(process, lastLine);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<IReadOnlyList<string>> ReadAsync(Process process, Predicate<string>? lastLine)
    {
        using CancellationTokenSource deadline = new(_limit);
        List<string> lines = [];
        try
        {
            while (await process.StandardOutput.ReadLineAsync(deadline.Token) is { } line)
            {
                lines.Add(line);
                if (lastLine?.Invoke(line) == true)
                {
                    return lines;
                }
            }

            return lines;
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"did not end within {_limit.TotalMinutes:0} minutes:\n{string.Join('\n', lines)}");
            return lines;
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }
}
