using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Ember.Sdk;
using Ember.Sdk.Hosts;
using Ember.Sdk.Validation;

namespace Ember.Benchmarks.Boot;

/// <summary>One start of the peer, from its Linux kernel's first instant.</summary>
/// <param name="Ready">Seconds until KVM can be used.</param>
/// <param name="UserSpace">Seconds until its guest's first line from user space.</param>
internal sealed record PeerRun(double Ready, double UserSpace)
{
    /// <summary>Starts the peer in the emulated machine that Ember's image is started in, kernel and file system already in
    /// memory.</summary>
    public static async Task<PeerRun> MeasureAsync(
        HostSystem host, PeerAppliance peer, MachineOptions machine, CancellationToken cancellation)
    {
        SerialLog serial = new(TimeProvider.System);
        using CancellationTokenSource done = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        HostCommand emulator = new(machine.Model.Program, Arguments(peer, machine))
        {
            Package = "qemu-system-x86",
            OutputReader = output => ReadAsync(output, serial, done.Token),
        };
        Task<HostCommandResult> running = emulator.RunAsync(host, done.Token);
        Task<bool> reached = serial.WaitForAsync(BootBenchmark.UserSpaceLine, cancellation);
        if (await Task.WhenAny(reached, running) == running)
        {
            string error = (await running).Error;
            throw new EmberException(
                ErrorKind.Checked, $"the peer ended before its guest reached user space: {error}\n{serial.Text}");
        }

        await reached;
        await done.CancelAsync();
        await running.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        serial.Complete();
        return Read(serial.Lines);
    }

    private static async Task ReadAsync(Stream output, SerialLog serial, CancellationToken cancellation)
    {
        byte[] buffer = new byte[4096];
        for (int count = await output.ReadAsync(buffer, cancellation); count > 0;
            count = await output.ReadAsync(buffer, cancellation))
        {
            serial.Append(buffer.AsMemory(0, count).ToArray());
        }
    }

    private static PeerRun Read(IReadOnlyList<SerialLine> lines)
    {
        SerialLine ready = lines.First(line => line.Text.StartsWith(PeerAppliance.ReadyPrefix, StringComparison.Ordinal));
        SerialLine reached = lines.First(BootBenchmark.IsUserSpace);
        string seconds = ready.Text[PeerAppliance.ReadyPrefix.Length..].Split(' ')[0];
        double uptime = double.Parse(seconds, CultureInfo.InvariantCulture);
        return new PeerRun(uptime, (reached.Time - ready.Time).TotalSeconds + uptime);
    }

    private static string[] Arguments(PeerAppliance peer, MachineOptions machine) =>
    [
        "-nodefaults", "-no-user-config",
        .. machine.Model.Arguments,
        "-m", machine.MemoryMiB.ToString(CultureInfo.InvariantCulture),
        "-display", "none", "-nic", "none", "-no-reboot",
        "-chardev", "stdio,id=serial,signal=off", "-serial", "chardev:serial",
        "-kernel", peer.Kernel, "-initrd", peer.InitialRamDisk, "-append", "console=ttyS0,115200 panic=-1 quiet",
    ];
}
