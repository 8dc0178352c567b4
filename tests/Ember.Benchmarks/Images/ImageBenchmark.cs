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
    private const double Target = 0.2;

    private static readonly long[] _sizesInMiB = [64, 128];

    /// <summary>Writes images of several sizes with the reference appliance's files.</summary>
    public static async Task<BenchmarkReport> RunAsync(Workspace workspace, CancellationToken cancellation)
    {
        BuildResult reference = await workspace.BuildAsync(workspace.ReferenceFolder, cancellation);
        ImageFile[] files =
        [
            .. ReferenceFiles.Extract(reference, Path.Combine(workspace.Folder, "files"))
                .Select(file => ImageFile.FromFile(file.Key, file.Value)),
        ];
        List<object?[]> rows = [];
        foreach (long size in _sizesInMiB)
        {
            Samples seconds = new(Enumerable.Range(0, Runs).Select(_ => Write(workspace, files, size, cancellation)));
            rows.Add([$"{size} MiB", seconds.Minimum, seconds.Median, seconds.Maximum, Target]);
        }

        return new BenchmarkReport(
            "seconds to write an image",
            ["image", "least", "median", "greatest", "target"],
            rows,
            [
                $"{Runs} runs of ImageWriter.Write each, the first ones of a cold process; {files.Length} files with "
                    + $"{files.Sum(file => file.Length):N0} bytes, hashed, written and flushed to the disk.",
            ]);
    }

    private static double Write(
        Workspace workspace, IReadOnlyList<ImageFile> files, long sizeInMiB, CancellationToken cancellation)
    {
        ImageRequest request = new() { Name = "benchmark", Files = files, Size = sizeInMiB << 20 };
        long start = TimeProvider.System.GetTimestamp();
        ImageWriter.Write(request, Path.Combine(workspace.Folder, "written.img"), null, cancellation);
        return TimeProvider.System.GetElapsedTime(start).TotalSeconds;
    }
}
