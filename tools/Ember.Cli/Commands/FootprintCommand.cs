using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Ember.Sdk;
using Ember.Sdk.Footprint;
using Ember.Sdk.Footprint.Attribution;
using Ember.Sdk.Footprint.Comparison;
using Ember.Sdk.Footprint.History;
using Ember.Sdk.Footprint.Html;
using Ember.Sdk.Footprint.Reports;
using Ember.Sdk.Footprint.Retention;
using Ember.Sdk.Hosts;

namespace Ember.Cli.Commands;

/// <summary><c>ember footprint</c>: tells where every byte goes, why it is there and what changed.</summary>
internal static class FootprintCommand
{
    private const int UsualDepth = 2;
    private const int UsualTop = 20;

    /// <summary>Describes the command.</summary>
    public static Command Create(CliHost host)
    {
        Argument<string> target = FootprintTargets.Argument();
        Option<int> depth = new("--depth")
        {
            Description = "Levels of the tree: assemblies, namespaces, types, members, parts",
            DefaultValueFactory = _ => UsualDepth,
            HelpName = "LEVELS",
        };
        Option<int> top = new("--top")
        {
            Description = "Rows under one row; the others are summed up",
            DefaultValueFactory = _ => UsualTop,
            HelpName = "ROWS",
        };
        Option<string?> why = new("--why") { Description = "Tell why a method or type is there, and what goes with it", HelpName = "NAME" };
        Option<string?> method = new("--method") { Description = "Disassemble a method, with its lines of source", HelpName = "NAME" };
        Option<bool> groups = new("--groups") { Description = "Show generics with their shapes, and methods with the same code" };
        Option<string?> against = new("--diff")
        {
            Description = "Hold it against a saved baseline, or another build",
            HelpName = "FILE",
        };
        Option<string?> save = new("--save") { Description = "Keep it as a baseline for later builds", HelpName = "FILE" };
        Option<string?> history = new("--history") { Description = "Add a line to the history in FILE and show it; with --html also as a curve", HelpName = "FILE" };
        Option<string?> revision = new("--revision") { Description = "What to call the sources in the history; else git is asked", HelpName = "TEXT" };
        Option<string?> log = new("--log")
        {
            Description = "Add what the running core takes, from a log of its serial port",
            HelpName = "FILE",
        };
        Option<string?> html = new("--html") { Description = "Write the whole report as one page, to be opened in a browser", HelpName = "FILE" };
        Option<bool> json = CommonOptions.Json();
        Option<bool> csv = new("--csv") { Description = "Write a table for spreadsheets" };
        Option<bool> markdown = new("--markdown") { Description = "Write Markdown, with --diff short enough for a pull request" };
        Option<bool> noBuild = FootprintTargets.NoBuild();
        Option<bool> noInstall = CommonOptions.NoInstall();
        Command command = new("footprint", "Tells where every byte of a core or an image goes, why it is there, and what changed.")
        {
            target, depth, top, why, method, groups, against, save, history, revision, log, html, json, csv, markdown, noBuild, noInstall,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            FootprintSettings settings = new()
            {
                Target = parsed.GetRequiredValue(target),
                Depth = AtLeast(0, "--depth", parsed.GetValue(depth)),
                Top = AtLeast(1, "--top", parsed.GetValue(top)),
                Why = parsed.GetValue(why),
                Method = parsed.GetValue(method),
                Groups = parsed.GetValue(groups),
                Against = Full(host, parsed.GetValue(against)),
                Save = Full(host, parsed.GetValue(save)),
                History = Full(host, parsed.GetValue(history)),
                Revision = parsed.GetValue(revision),
                Log = Full(host, parsed.GetValue(log)),
                Html = Full(host, parsed.GetValue(html)),
                Format = Only(
                    (parsed.GetValue(json), FootprintFormat.Json),
                    (parsed.GetValue(csv), FootprintFormat.Csv),
                    (parsed.GetValue(markdown), FootprintFormat.Markdown)),
                Build = !parsed.GetValue(noBuild),
                Install = !parsed.GetValue(noInstall),
            };
            Check(settings);
            await RunAsync(host, settings, cancellation);
            return 0;
        });
        return command;
    }

    private static async Task RunAsync(CliHost host, FootprintSettings settings, CancellationToken cancellation)
    {
        FootprintTarget target = await FootprintTargets.OpenAsync(
            host, settings.Target, settings.Build, settings.Install, cancellation);
        if (settings.Why is { } why)
        {
            Dictionary<string, string> names = target.Symbols.All
                .SelectMany(symbol => symbol.Aliases.Prepend(symbol.Name).Select(name => (name, symbol.Source.FullName)))
                .DistinctBy(pair => pair.name)
                .ToDictionary(pair => pair.name, pair => pair.FullName);
            RetentionAnswer answer = target.Retention().Ask(why, target.Pieces);
            RetentionText.Write(host.Output, answer, name => names.GetValueOrDefault(name, name), settings.Depth, settings.Top);
            return;
        }

        FootprintReport report = new FootprintAnalysis
        {
            Target = target,
            RunTime = settings.Log is { } log ? RunTimeLog.Read(log) : [],
            Baseline = settings.Against is { } against ? ReadBaseline(against) : null,
            History = settings.History is { } history
                ? FootprintHistory.Append(history, FootprintHistory.Entry(target.Snapshot(), await RevisionAsync(host, settings, cancellation)))
                : [],
            Audit = settings.Html is null ? null : target.Audit(),
        }.Report();
        if (settings.Save is { } save)
        {
            target.Snapshot().Save(save);
        }

        if (settings.Html is { } page)
        {
            FootprintPage.Write(report, page);
        }

        Write(host, settings, target, report);
    }

    private static void Write(CliHost host, FootprintSettings settings, FootprintTarget target, FootprintReport report)
    {
        if (settings.Method is { } method)
        {
            WriteMethod(host, settings, target, report, method);
        }
        else if (settings.Format == FootprintFormat.Json)
        {
            WriteBytes(host, stream => FootprintJson.Write(stream, report));
        }
        else if (settings.Format == FootprintFormat.Csv)
        {
            FootprintCsv.Write(host.Output, report);
        }
        else if (report.Diff is { } diff)
        {
            WriteDiff(host.Output, settings, diff);
        }
        else if (settings.Format == FootprintFormat.Markdown)
        {
            FootprintMarkdown.Write(host.Output, report);
        }
        else if (settings.Groups)
        {
            GroupsText.Write(host.Output, report.Generics, settings.Top);
            GroupsText.Write(host.Output, report.Duplicates, settings.Top);
        }
        else if (settings.History is not null)
        {
            HistoryText.Write(host.Output, report.History, settings.Top);
        }
        else
        {
            FootprintText.WriteTree(host.Output, report, settings.Depth, settings.Top);
        }
    }

    private static void WriteDiff(TextWriter output, FootprintSettings settings, FootprintDiff diff)
    {
        if (settings.Format == FootprintFormat.Markdown)
        {
            output.Write(DiffMarkdown.Of(diff));
        }
        else
        {
            DiffText.Write(output, diff, settings.Top);
        }
    }

    private static void WriteMethod(
        CliHost host, FootprintSettings settings, FootprintTarget target, FootprintReport report, string name)
    {
        RetentionAnswer answer = target.Retention().Ask(name, target.Pieces);
        SymbolReport[] functions = [.. report.Symbols
            .Where(symbol => symbol.Symbol.IsCode && answer.Symbols.Contains(symbol.Symbol))
            .OrderBy(symbol => symbol.Symbol.Rva)];
        if (functions.Length == 0)
        {
            throw new EmberException(ErrorKind.Input, $"--method {name}: {answer.Name} has no code; give a method or stub");
        }

        foreach (SymbolReport function in functions)
        {
            MethodListing listing = report.Listings.Single(listing => listing.Symbol == function.Symbol.Name);
            if (settings.Format == FootprintFormat.Json)
            {
                WriteBytes(host, stream => FootprintJson.WriteListing(stream, function, listing));
            }
            else
            {
                ListingText.Write(host.Output, function, listing);
            }
        }
    }

    /// <summary>A saved baseline is JSON; anything else has to be a build.</summary>
    private static FootprintSnapshot ReadBaseline(string path)
    {
        using FileStream? file = File.Exists(path) ? File.OpenRead(path) : null;
        return file?.ReadByte() == '{' ? FootprintSnapshot.Read(path) : FootprintTarget.Open(path).Snapshot();
    }

    /// <summary>What git calls the commit; null where there is no git or no repository.</summary>
    private static async Task<string?> RevisionAsync(CliHost host, FootprintSettings settings, CancellationToken cancellation)
    {
        if (settings.Revision is not null || host.System.FindProgram("git") is null)
        {
            return settings.Revision;
        }

        HostCommand git = new("git", "rev-parse", "--short=12", "HEAD") { WorkingDirectory = host.Repository.Root };
        HostCommandResult result = await git.RunAsync(host.System, cancellation);
        return result.ExitCode == 0 ? result.Output.Trim() : null;
    }

    private static void WriteBytes(CliHost host, Action<Stream> write)
    {
        using MemoryStream stream = new();
        write(stream);
        host.Output.Write(Encoding.UTF8.GetString(stream.ToArray()));
    }

    private static void Check(FootprintSettings settings)
    {
        string[] views = [.. new[]
        {
            ("--why", settings.Why is not null), ("--method", settings.Method is not null), ("--groups", settings.Groups),
            ("--diff", settings.Against is not null),
        }.Where(view => view.Item2).Select(view => view.Item1)];
        if (views.Length > 1)
        {
            throw Wrong($"{views[0]} does not go with {views[1]}; leave one out");
        }

        if (settings.Why is not null && settings.Format != FootprintFormat.Text)
        {
            throw Wrong("--why answers in text only; the paths are in --json without it");
        }
    }

    private static FootprintFormat Only(params (bool Given, FootprintFormat Format)[] formats)
    {
        FootprintFormat[] given = [.. formats.Where(format => format.Given).Select(format => format.Format)];
        return given.Length <= 1
            ? given.FirstOrDefault()
            : throw Wrong("--json, --csv and --markdown do not go together; leave all but one out");
    }

    private static int AtLeast(int least, string option, int value) =>
        value >= least ? value : throw Wrong($"{option} {value}: give a number from {least} on");

    private static string? Full(CliHost host, string? path) => path is null ? null : host.FullPath(path);

    private static EmberException Wrong(string message) => new(ErrorKind.Input, message);
}
