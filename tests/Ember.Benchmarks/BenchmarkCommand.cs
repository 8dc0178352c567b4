using System;
using System.CommandLine;
using System.Threading;
using System.Threading.Tasks;
using Ember.Benchmarks.Reports;

namespace Ember.Benchmarks;

/// <summary>A subcommand that measures and prints one table.</summary>
internal static class BenchmarkCommand
{
    /// <summary>Describes the subcommand.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="description">What it measures.</param>
    /// <param name="measure">Measures in a workspace, which goes when it is done.</param>
    public static Command Create(
        string name, string description, Func<Workspace, CancellationToken, Task<BenchmarkReport>> measure)
    {
        Option<bool> json = new("--json") { Description = "Print JSON in place of a Markdown table" };
        Command command = new(name, description) { json };
        command.SetAction(async (parsed, cancellation) =>
        {
            using Workspace workspace = new(name);
            string before = HostLoad.Read();
            BenchmarkReport report = await measure(workspace, cancellation);
            report = report with { Notes = [.. report.Notes, $"Host: {before} before, {HostLoad.Read()} after."] };
            Console.Out.Write(parsed.GetValue(json) ? report.ToJson() : report.ToMarkdown());
            return 0;
        });
        return command;
    }
}
