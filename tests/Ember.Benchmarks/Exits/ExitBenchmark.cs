using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Ember.Benchmarks.Reports;
using Ember.Guests;
using Ember.Sdk;
using Ember.Sdk.Compilation;
using Ember.Sdk.Validation;

namespace Ember.Benchmarks.Exits;

/// <summary>Instructions from a guest's instruction to the one after it, through the whole hypervisor.</summary>
internal static class ExitBenchmark
{
    private static readonly ExitTarget[] _targets =
    [
        new(ExitCostGuest.Cpuid, "CPUID", 300, 2939),
        new(ExitCostGuest.PortRead, "port read", 250, 1531),
        new(ExitCostGuest.ApicWrite, "x2APIC end of interrupt", 350, null),
        new(HandOverGuest.Halt, "hand-over: from HLT to another virtual processor", 1500, null),
        new(HandOverGuest.Wake, "the same by an interrupt that is sent and taken", null, null),
    ];

    /// <summary>Boots the guests that measure, their time counted in instructions.</summary>
    public static async Task<BenchmarkReport> RunAsync(Workspace workspace, CancellationToken cancellation)
    {
        GuestMachine one = new("exits", ExitCostGuest.Build());
        GuestMachine pair = new("hand-over", HandOverGuest.Build()) { Boot = "pvh", Processors = 2 };
        Dictionary<string, double> costs = new(
            [.. await MeasureAsync(workspace, one, ExitCosts.Read, cancellation),
            .. await MeasureAsync(workspace, pair, HandOverGuest.Read, cancellation)]);
        return new BenchmarkReport(
            "instructions per exit",
            ["exit", "Ember", "budget", "KVM", "Ember/KVM"],
            [.. _targets.Select(target => Row(target, costs[target.Name]))],
            [
                "QEMU TCG, -cpu max,+svm,+npt, -icount shift=0: the TSC counts instructions, so figures are exact.",
                $"{ExitCostGuest.Rounds} exits of each kind; the loop around them is taken off.",
                $"{HandOverGuest.Rounds} hand-overs between two virtual processors of one machine on one processor.",
                "KVM: vmexit.flat of kvm-unit-tests (cpuid, inl_from_kernel) under Linux 6.1 and QEMU 7.2 in the same emulator, "
                    + "measured once and carried over.",
            ]);
    }

    private static async Task<IReadOnlyDictionary<string, double>> MeasureAsync(
        Workspace workspace,
        GuestMachine guest,
        Func<IEnumerable<string>, IReadOnlyDictionary<string, double>> read,
        CancellationToken cancellation)
    {
        string source = Path.Combine(workspace.Folder, guest.Name);
        GuestAppliance.Write(source, guest);
        BuildResult built = await workspace.BuildAsync(source, cancellation);
        Workspace.Say($"booting the guest '{guest.Name}' that measures");
        await using QemuMachine machine = await QemuMachine.StartAsync(
            new MachineOptions(built.Folder.Image) { CountsInstructions = true }, workspace.Host, TimeProvider.System, null, cancellation);
        await machine.Ended.WaitAsync(cancellation);
        await machine.StopAsync(cancellation);
        try
        {
            return read(machine.Serial.Lines.Select(line => line.Text));
        }
        catch (FormatException e)
        {
            throw new EmberException(ErrorKind.Checked, $"the guest did not finish: {e.Message} in:\n{machine.Serial.Text}", e);
        }
    }

    private static object?[] Row(ExitTarget target, double cost) =>
        [target.Title, cost, target.Budget, target.Kvm, target.Kvm is { } kvm ? cost / kvm : null];
}
