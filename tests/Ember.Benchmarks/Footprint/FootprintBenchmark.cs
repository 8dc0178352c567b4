using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Ember.Benchmarks.Reports;
using Ember.Sdk;
using Ember.Sdk.Compilation;
using Ember.Sdk.Footprint;
using Ember.Sdk.Hosts;

namespace Ember.Benchmarks.Footprint;

/// <summary>How long the footprint and the audit of the reference image take, as commands from start to end, and what they attribute.</summary>
internal static class FootprintBenchmark
{
    private const int Runs = 5;
    private const double ReportTarget = 2;
    private const double AuditTarget = 3;

    /// <summary>Times the commands.</summary>
    public static async Task<BenchmarkReport> RunAsync(Workspace workspace, CancellationToken cancellation)
    {
        BuildResult reference = await workspace.BuildAsync(workspace.ReferenceFolder, cancellation);
        string folder = reference.Folder.Folder;
        string page = Path.Combine(workspace.Folder, "footprint.html");
        (string Name, string[] Arguments, double Target)[] commands =
        [
            ("footprint of the image", ["footprint", folder], ReportTarget),
            ("the same as JSON", ["footprint", folder, "--json"], ReportTarget),
            ("the same as a page, with the audit", ["footprint", folder, "--html", page], ReportTarget + AuditTarget),
            ("audit of the core", ["audit", folder], AuditTarget),
        ];
        List<object?[]> rows = [];
        foreach ((string name, string[] arguments, double target) in commands)
        {
            // The first run reads the files into the host's memory.
            await TimeAsync(workspace, arguments, cancellation);
            List<double> seconds = [];
            for (int i = 0; i < Runs; i++)
            {
                seconds.Add(await TimeAsync(workspace, arguments, cancellation));
            }

            Samples samples = new(seconds);
            rows.Add([name, samples.Minimum, samples.Median, samples.Maximum, target]);
        }

        FootprintTarget core = FootprintTarget.Open(Path.Combine(folder, "core.efi"));
        long unattributed = core.Pieces.Where(piece => piece.Kind == PieceKind.Unattributed).Sum(piece => piece.Sizes.File);
        return new BenchmarkReport(
            "seconds to account for every byte",
            ["command", "least", "median", "greatest", "target"],
            rows,
            [
                $"{Runs} runs of each command, from start to end of the process. core.efi has {core.Core.Bytes.Length:N0} bytes, "
                    + $"{unattributed:N0} of them unattributed; the page has {new FileInfo(page).Length:N0} bytes.",
            ]);
    }

    private static async Task<double> TimeAsync(Workspace workspace, string[] arguments, CancellationToken cancellation)
    {
        HostCommand command = new(Path.Combine(workspace.Repository.Root, "tools", "ember"), arguments);
        long start = TimeProvider.System.GetTimestamp();
        HostCommandResult result = await command.RunAsync(workspace.Host, cancellation);
        return result.ExitCode == 0
            ? TimeProvider.System.GetElapsedTime(start).TotalSeconds
            : throw new EmberException(ErrorKind.Checked, $"ember {string.Join(' ', arguments)} ended with {result.ExitCode}: {result.Error}");
    }
}
