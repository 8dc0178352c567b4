using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using System.Xml;
using Ember.Sdk.Compilation;
using Ember.Sdk.Hosts;

namespace Ember.Cli.Testing;

/// <summary>One test project that has been built, and running its tests.</summary>
/// <param name="Name">The project's name.</param>
/// <param name="Assembly">The assembly with the tests.</param>
internal sealed record TestProject(string Name, string Assembly)
{
    /// <summary>The test projects of <paramref name="repository"/>: those that boot machines last, for they take
    /// longest.</summary>
    public static IReadOnlyList<TestProject> All(Repository repository) =>
        [.. Directory.GetDirectories(Path.Combine(repository.Root, "tests"), "*.Tests")
            .Select(folder => Path.GetFileName(folder))
            .Order(StringComparer.Ordinal)
            .OrderBy(name => name.Contains(".Boot.", StringComparison.Ordinal))
            .Select(name => new TestProject(
                name, Path.Combine(repository.Artifacts, "bin", name, "release", name + ".dll")))];

    /// <summary>Runs the tests that <paramref name="filter"/>, in the test platform's language, lets through.</summary>
    /// <param name="repository">The checkout.</param>
    /// <param name="system">The host.</param>
    /// <param name="filter">Which tests.</param>
    /// <param name="limit">The time after which the run is given up, and counts as a failure.</param>
    /// <param name="cancellation">Stops the run without a result.</param>
    public async Task<IReadOnlyList<TestResult>> RunAsync(
        Repository repository, HostSystem system, string filter, TimeSpan limit, CancellationToken cancellation)
    {
        string folder = Path.Combine(repository.Artifacts, "test-results");
        string report = Path.Combine(folder, Name + ".trx");
        Directory.CreateDirectory(folder);
        File.Delete(report);
        HostCommand run = new(
            "dotnet", "test", Assembly, "--filter", filter, "--results-directory", folder,
            "--logger", $"trx;LogFileName={Name}.trx")
        {
            WorkingDirectory = repository.Root,
            Variables = DotnetBuild.Variables,
        };
        using CancellationTokenSource timer = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timer.CancelAfter(limit);
        string output;
        int exitCode;
        try
        {
            HostCommandResult result = await run.RunAsync(system, timer.Token);
            output = result.Output + result.Error;
            exitCode = result.ExitCode;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return [new TestResult(Name, TestOutcome.Failed, $"not done after {limit.TotalMinutes:0} minutes: given up")];
        }

        return Judge(report, exitCode, output);
    }

    private IReadOnlyList<TestResult> Judge(string report, int exitCode, string output)
    {
        if (!File.Exists(report))
        {
            // Without tests for the filter there is no report and no failure.
            return exitCode == 0 ? [] : [Broken(exitCode, output)];
        }

        try
        {
            IReadOnlyList<TestResult> results = TestReport.Read(report);
            bool told = exitCode == 0 || results.Any(result => result.Outcome == TestOutcome.Failed);
            return told ? results : [.. results, Broken(exitCode, output)];
        }
        catch (XmlException e)
        {
            return [new TestResult(Name, TestOutcome.Failed, $"{report}: {e.Message}\n{output}")];
        }
    }

    private TestResult Broken(int exitCode, string output) =>
        new(Name, TestOutcome.Failed, $"the test platform ended with {exitCode}:\n{output}");
}
