using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Ember.Cli.Terminals;
using Ember.Cli.Testing;
using Ember.Sdk.Compilation;
using Ember.Sdk.Hosts;

namespace Ember.Cli.Commands;

/// <summary><c>ember test</c>: builds everything, runs every test, and says how many passed and failed.</summary>
internal static class TestCommand
{
    private const string NoFuzz = "Category!=Fuzz";
    private const string NotSlow = $"Category!=Slow&{NoFuzz}";

    private static readonly TimeSpan _projectLimit = TimeSpan.FromMinutes(12);
    private static readonly TimeSpan _slowProjectLimit = TimeSpan.FromMinutes(50);

    /// <summary>Describes the command.</summary>
    public static Command Create(CliHost host)
    {
        Option<string?> filter = new("--filter")
        {
            Description = "Only tests whose full name contains TEXT, or a filter of the test platform",
            HelpName = "TEXT",
        };
        Option<bool> slow = new("--slow") { Description = "Also the tests marked slow; with --filter Category=Fuzz, the long fuzzing" };
        Option<bool> noInstall = CommonOptions.NoInstall();
        Command command = new("test", "Builds everything and runs every test.") { filter, slow, noInstall };
        command.SetAction((parsed, cancellation) =>
        {
            bool alsoSlow = parsed.GetValue(slow);
            return RunAsync(
                host,
                Filter(parsed.GetValue(filter), alsoSlow),
                alsoSlow ? _slowProjectLimit : _projectLimit,
                !parsed.GetValue(noInstall),
                cancellation);
        });
        return command;
    }

    /// <summary>The filter in the test platform's language.</summary>
    internal static string Filter(string? text, bool slow)
    {
        string? chosen = text is null || text.AsSpan().ContainsAny('=', '~') ? text : $"FullyQualifiedName~{text}";
        return (chosen, slow) switch
        {
            (null, true) => NoFuzz,
            (null, false) => NotSlow,
            (_, true) => chosen,
            (_, false) => $"({chosen})&{NotSlow}",
        };
    }

    private static async Task<int> RunAsync(
        CliHost host, string filter, TimeSpan limit, bool install, CancellationToken cancellation)
    {
        Repository repository = host.Repository;
        PackageInstaller packages = new(host.System, host.Report);
        await packages.EnsureAsync(HostPurpose.Build | HostPurpose.Run | HostPurpose.Test, install, cancellation);
        Steps steps = new(host);
        await steps.RunAsync(
            "building the solution", _ => DotnetBuild.RunAsync(repository, host.System, repository.Solution, cancellation));

        string reference = Path.Combine(repository.Root, "images", "usb-key");
        await BuildCommand.BuildAsync(host, reference, host.UsualOutput(reference).Folder, null, cancellation);

        List<TestResult> all = [];
        foreach (TestProject project in TestProject.All(repository))
        {
            IReadOnlyList<TestResult> results = [];
            await steps.RunAsync(
                $"running {project.Name}",
                async _ => results = await project.RunAsync(repository, host.System, filter, limit, cancellation));
            all.AddRange(results);
            Show(host.Output, project, results);
        }

        host.Output.WriteLine(Count(all));
        // A filter that lets nothing through proves nothing.
        return all.Count == 0 || all.Any(result => result.Outcome == TestOutcome.Failed) ? 1 : 0;
    }

    /// <summary>The line that ends the command's output, for scripts to read.</summary>
    internal static string Count(IReadOnlyCollection<TestResult> results)
    {
        int Of(TestOutcome outcome) => results.Count(result => result.Outcome == outcome);

        string skipped = Of(TestOutcome.Skipped) == 0
            ? ""
            : string.Create(CultureInfo.InvariantCulture, $", {Of(TestOutcome.Skipped)} skipped");
        return string.Create(
            CultureInfo.InvariantCulture, $"{Of(TestOutcome.Passed)} passed, {Of(TestOutcome.Failed)} failed{skipped}");
    }

    private static void Show(TextWriter output, TestProject project, IReadOnlyCollection<TestResult> results)
    {
        foreach (TestResult result in results.Where(result => result.Outcome == TestOutcome.Failed))
        {
            output.WriteLine($"FAILED {result.Name}");
            output.WriteLine("    " + result.Message.Replace("\n", "\n    ", StringComparison.Ordinal));
        }

        output.WriteLine($"{project.Name}: {Count(results)}");
    }
}
