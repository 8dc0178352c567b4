using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Ember.Benchmarks.Reports;
using Ember.Sdk.Compilation;
using Ember.Sdk.Images;

namespace Ember.Benchmarks.Images;

/// <summary>How long an image takes to write once its parts are built.</summary>
internal static class ImageBenchmark
{
    private const int Runs = 10;
    private const string Bank = KeyLayout.BankAName + "/";
    private const long MiB = 1024 * 1024;

    private static readonly (string Name, long Size, double Target)[] _keys =
        [("128 MiB", 128 * MiB, 0.2), ("4 GB", 4_000_000_000 / MiB * MiB, 0.5)];

    /// <summary>Writes keys with the reference appliance's files in both banks.</summary>
    public static async Task<BenchmarkReport> RunAsync(Workspace workspace, CancellationToken cancellation)
    {
        BuildResult reference = await workspace.BuildAsync(workspace.ReferenceFolder, cancellation);
        ImageFile[] files =
        [
            .. ReferenceFiles.Extract(reference, Path.Combine(workspace.Folder, "files"))
                .Where(file => file.Key.StartsWith(Bank, StringComparison.Ordinal))
                .Select(file => ImageFile.FromFile(file.Key[Bank.Length..], file.Value)),
        ];
        KeyContent content = new()
        {
            Name = "benchmark",
            Loader = new byte[65_536],
            BankA = files,
            BankB = files,
            State = new byte[1024],
        };
        List<object?[]> rows = [];
        foreach ((string name, long size, double target) in _keys)
        {
            KeyLayout layout = KeyLayout.Standard with { ImageSize = size };
            long before = GC.GetAllocatedBytesForCurrentThread();
            Samples seconds = new(Enumerable.Range(0, Runs).Select(_ => Write(workspace, layout, content, cancellation)));
            double allocated = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)(Runs * MiB);
            rows.Add([name, seconds.Minimum, seconds.Median, seconds.Maximum, target, allocated]);
        }

        return new BenchmarkReport(
            "seconds to write an image",
            ["image", "least", "median", "greatest", "target", "MiB allocated"],
            rows,
            [
                $"{Runs} runs of KeyLayout.Request and ImageWriter.Write each, the first ones of a cold process; in each bank "
                    + $"{files.Length} files with {files.Sum(file => file.Length):N0} bytes, hashed, written and flushed to the disk.",
            ]);
    }

    private static double Write(Workspace workspace, KeyLayout layout, KeyContent content, CancellationToken cancellation)
    {
        long start = TimeProvider.System.GetTimestamp();
        ImageWriter.Write(layout.Request(content), Path.Combine(workspace.Folder, "written.img"), null, cancellation);
        return TimeProvider.System.GetElapsedTime(start).TotalSeconds;
    }
}
