using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Ember.Sdk;
using Ember.Sdk.Hosts;
using Ember.Sdk.Validation;

namespace Ember.Benchmarks.Boot;

/// <summary>One start of Ember's image, from the loader's first line.</summary>
/// <param name="BootTimer">Seconds until its guest's first instructions in user space.</param>
/// <param name="UserSpace">Seconds until its guest's first line from user space.</param>
internal sealed record EmberRun(double BootTimer, double UserSpace)
{
    /// <summary>Boots the image.</summary>
    public static async Task<EmberRun> MeasureAsync(HostSystem host, MachineOptions options, CancellationToken cancellation)
    {
        await using QemuMachine machine = await QemuMachine.StartAsync(options, host, TimeProvider.System, null, cancellation);
        Task<bool> reached = machine.Serial.WaitForAsync(BootBenchmark.UserSpaceLine, cancellation);
        await Task.WhenAny(reached, machine.Ended);
        await machine.StopAsync(cancellation);
        return await reached
            ? Read(machine.Serial.Lines)
            : throw new EmberException(
                ErrorKind.Checked, $"the machine ended before its guest reached user space:\n{machine.Serial.Text}");
    }

    private static EmberRun Read(IReadOnlyList<SerialLine> lines)
    {
        TimeSpan core = lines.First(line => CoreLines.IsFromCore(line.Text)).Time;
        double SecondsTo(Func<SerialLine, bool> milestone) => (lines.First(milestone).Time - core).TotalSeconds;
        return new EmberRun(
            SecondsTo(line => CoreLines.ReadBootTimer(line.Text, CoreLines.UserSpaceStep) is not null),
            SecondsTo(BootBenchmark.IsUserSpace));
    }
}
