using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using System.Xml.Linq;
using Ember.Benchmarks.Reports;
using Ember.Sdk;
using Ember.Sdk.Hosts;

namespace Ember.Benchmarks.Coverage;

/// <summary>Which lines of the device models the fuzzing of a whole chip set reaches, the slow tests of it included.</summary>
internal static class FuzzCoverage
{
    private const int MostMissing = 8;

    /// <summary>Runs the tests and reads what they covered.</summary>
    public static async Task<BenchmarkReport> RunAsync(Workspace workspace, CancellationToken cancellation)
    {
        string tests = Path.Combine(workspace.Repository.Root, "tests");
        string[] arguments =
        [
            "test", Path.Combine(tests, "Ember.Core.Tests"), "--configuration", "Release", "--nologo",
            "--filter", "FullyQualifiedName~ChipsetFuzzTests", "--settings", Path.Combine(tests, "coverage.runsettings"),
            "--collect", "XPlat Code Coverage", "--results-directory", workspace.Folder,
        ];
        HostCommandResult result = await new HostCommand("dotnet", arguments).RunAsync(workspace.Host, cancellation);
        string? report = Directory.EnumerateFiles(workspace.Folder, "coverage.cobertura.xml", SearchOption.AllDirectories).FirstOrDefault();
        return result.ExitCode == 0 && report is not null
            ? Read(XDocument.Load(report))
            : throw new EmberException(ErrorKind.Checked, $"the tests ended with {result.ExitCode}: {result.Output}{result.Error}");
    }

    /// <summary>A line is covered when any of the methods it is part of has come to it.</summary>
    private static BenchmarkReport Read(XDocument report)
    {
        var lines =
            from type in report.Descendants("class")
            from line in type.Elements("lines").Elements("line")
            group Number(line, "hits") by (File: type.Attribute("filename")!.Value, Line: Number(line, "number")) into hits
            select (hits.Key.File, hits.Key.Line, IsCovered: hits.Any(count => count != 0));
        List<object?[]> rows = [];
        foreach (var file in lines.GroupBy(line => line.File).OrderBy(file => file.Key, StringComparer.Ordinal))
        {
            int[] missing = [.. file.Where(line => !line.IsCovered).Select(line => line.Line).Order()];
            rows.Add([file.Key, file.Count() - missing.Length, file.Count(), string.Join(", ", missing.Take(MostMissing))]);
        }

        int all = rows.Sum(row => (int)row[2]!);
        int covered = rows.Sum(row => (int)row[1]!);
        return new BenchmarkReport(
            "lines of the device models that fuzzing reaches",
            ["file", "covered", "lines", $"not covered, the first {MostMissing}"],
            rows,
            [string.Create(CultureInfo.InvariantCulture, $"{covered} of {all} lines, {100.0 * covered / all:0.0} %.")]);
    }

    private static int Number(XElement line, string name) =>
        int.Parse(line.Attribute(name)!.Value, CultureInfo.InvariantCulture);
}
