using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Ember.Benchmarks.Reports;
using Ember.Sdk.Compilation;
using Ember.Sdk.Manifests;
using Ember.Sdk.Validation;

namespace Ember.Benchmarks.Boot;

/// <summary>The way to a guest's user space, beside Linux, KVM and QEMU in the same emulator, by turns.</summary>
internal static class BootBenchmark
{
    /// <summary>The first line that the reference guest writes from user space.</summary>
    public const string UserSpaceLine = "guest: user space reached";

    private const int Runs = 3;
    private const double Target = 0.5;

    private static readonly TimeSpan _limit = TimeSpan.FromMinutes(20);

    /// <summary>True for <see cref="UserSpaceLine"/>.</summary>
    public static bool IsUserSpace(SerialLine line) => line.Text.Contains(UserSpaceLine, StringComparison.Ordinal);

    /// <summary>Starts both by turns.</summary>
    public static async Task<BenchmarkReport> RunAsync(Workspace workspace, CancellationToken cancellation)
    {
        using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(_limit);
        BuildResult built = await workspace.BuildAsync(workspace.ReferenceFolder, deadline.Token);
        PeerAppliance peer = await BuildPeerAsync(workspace, built, deadline.Token);
        MachineOptions machine = new(built.Folder.Image);
        List<EmberRun> ours = [];
        List<PeerRun> theirs = [];
        for (int run = 1; run <= Runs; run++)
        {
            Workspace.Say($"run {run} of {Runs}: Ember");
            ours.Add(await EmberRun.MeasureAsync(workspace.Host, machine, deadline.Token));
            Workspace.Say($"run {run} of {Runs}: the peer");
            theirs.Add(await PeerRun.MeasureAsync(workspace.Host, peer, machine, deadline.Token));
        }

        return Report(ours, theirs, peer);
    }

    private static async Task<PeerAppliance> BuildPeerAsync(
        Workspace workspace, BuildResult built, CancellationToken cancellation)
    {
        IReadOnlyDictionary<string, string> files = ReferenceFiles.Extract(built, Path.Combine(workspace.Folder, "files"));
        string Find(string name) => files.First(file => file.Key.Contains(name, StringComparison.Ordinal)).Value;
        Manifest manifest = ManifestReader.Read(Path.Combine(workspace.ReferenceFolder, ApplianceBuild.ManifestFile));
        return await PeerAppliance.BuildAsync(
            workspace, manifest.Machines[0], Find("vmlinuz"), Find("initrd"), cancellation);
    }

    private static BenchmarkReport Report(List<EmberRun> ours, List<PeerRun> theirs, PeerAppliance peer)
    {
        Samples ember = new(ours.Select(run => run.UserSpace));
        Samples linux = new(theirs.Select(run => run.UserSpace));
        List<object?[]> rows =
        [
            .. ours.Zip(theirs).Select((run, index) => Row($"run {index + 1}", run.First, run.Second)),
            [
                "median", new Samples(ours.Select(run => run.BootTimer)).Median, ember.Median,
                new Samples(theirs.Select(run => run.Ready)).Median, linux.Median, ember.Median / linux.Median, Target,
            ],
        ];
        long kernel = new FileInfo(peer.Kernel).Length;
        long initialRamDisk = new FileInfo(peer.InitialRamDisk).Length;
        return new BenchmarkReport(
            "seconds to a guest's user space",
            ["", "Ember: boot timer", "Ember: first line", "peer: KVM ready", "peer: first line", "Ember/peer", "target"],
            rows,
            [
                "Ember: from the loader's first line, so loading from the USB key and verifying count; the firmware does not.",
                $"Peer: Linux (kernel {kernel:N0} bytes, initramfs {initialRamDisk:N0} bytes), KVM and QEMU microvm, from the "
                    + "uptime 0 of its kernel.",
                "QEMU puts the peer into memory by -kernel and -initrd: its firmware, loading and unpacking the kernel do not "
                    + "count, which favours the peer.",
                $"The same guest kernel, initramfs, command line and memory; first line: '{UserSpaceLine}'.",
                "QEMU TCG, one processor, the same processor flags, by turns; the last row's ratio is that of the medians.",
            ]);
    }

    private static object?[] Row(string name, EmberRun ours, PeerRun theirs) =>
        [name, ours.BootTimer, ours.UserSpace, theirs.Ready, theirs.UserSpace, ours.UserSpace / theirs.UserSpace, null];
}
