using System;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Numerics;
using System.Threading;
using System.Threading.Tasks;
using Ember.Cli.Terminals;
using Ember.Sdk;
using Ember.Sdk.Compilation;
using Ember.Sdk.Hosts;
using Ember.Sdk.Validation;

namespace Ember.Cli.Commands;

/// <summary><c>ember run</c>: boots an appliance's image in an emulated machine.</summary>
internal static class RunCommand
{
    private const string SerialForm = "tcp:127.0.0.1:";
    private const int SmallestMemory = 64;
    private const int LargestMemory = 1 << 20;
    private const int DefaultTimeout = 300;

    // The word on its kernel's command line that makes the reference guest give a shell, and the image that has it.
    private const string InteractiveWord = "ember.interactive";
    private const string InteractiveVariant = "-interactive";

    /// <summary>Describes the command.</summary>
    public static Command Create(CliHost host)
    {
        Argument<string> folder = CommonOptions.ImageFolder();
        Option<string?> variant = new("--variant") { Description = "Build and boot this variant of the appliance", HelpName = "NAME" };
        Option<string> machine = new("--machine")
        {
            Description = "The machine: "
                + string.Join("; ", MachineModel.All.Select(model => $"{model.Name} ({model.Description})")),
            DefaultValueFactory = _ => MachineModel.All[0].Name,
            HelpName = "NAME",
        };
        Option<int> memory = new("--memory")
        {
            Description = "The machine's memory in MiB",
            DefaultValueFactory = _ => 1024,
            CustomParser = result => Number<int>(result, "a whole number of MiB"),
            HelpName = "MIB",
        };
        Option<int> processors = new("--processors")
        {
            Description = "How many processors the machine has",
            DefaultValueFactory = _ => 1,
            CustomParser = result => Number<int>(result, "a whole number"),
            HelpName = "N",
        };
        Option<bool> interactive = new("--interactive")
        {
            Description = "Give the guest's shell; Ctrl-] is the appliance's menu, Ctrl-\\ leaves",
        };
        Option<bool> headless = new("--headless") { Description = "Do not show what the machine says" };
        Option<double?> timeout = new("--timeout")
        {
            Description = $"Give up after SECONDS; {DefaultTimeout} unless --interactive, 0 for never",
            CustomParser = result => Number<double>(result, "a number of seconds"),
            HelpName = "SECONDS",
        };
        Option<string?> until = new("--until")
        {
            Description = "End well as soon as the machine says TEXT, within one line",
            HelpName = "TEXT",
        };
        Option<bool> instructions = new("--icount")
        {
            Description = "Count time in instructions: exact and repeatable, but slower",
        };
        Option<string?> screenshot = new("--screenshot")
        {
            Description = "Write what the screen shows at the end to FILE.png",
            HelpName = "FILE.png",
        };
        Option<string?> serial = new("--serial")
        {
            Description = $"Let other programs attach to the serial port at {SerialForm}PORT",
            HelpName = $"{SerialForm}PORT",
        };
        Option<bool> noBuild = new("--no-build") { Description = "Boot the image that was built last, as it is" };
        Option<bool> noInstall = CommonOptions.NoInstall();
        Option<bool> json = CommonOptions.Json();
        Command command = new("run", "Builds an appliance's image and boots it as a USB key in an emulated machine.")
        {
            folder, variant, machine, memory, processors, interactive, headless, timeout, until, instructions, screenshot, serial,
            noBuild, noInstall, json,
        };
        command.SetAction((parsed, cancellation) =>
        {
            bool isInteractive = parsed.GetValue(interactive);
            RunSettings settings = new()
            {
                ImageFolder = host.FullPath(parsed.GetRequiredValue(folder)),
                Variant = parsed.GetValue(variant),
                Machine = MachineModel.Find(parsed.GetRequiredValue(machine)),
                MemoryMiB = parsed.GetValue(memory),
                Processors = parsed.GetValue(processors),
                Interactive = isInteractive,
                Headless = parsed.GetValue(headless),
                Timeout = ReadTimeout(parsed.GetValue(timeout) ?? (isInteractive ? 0 : DefaultTimeout)),
                Until = parsed.GetValue(until),
                CountsInstructions = parsed.GetValue(instructions),
                Screenshot = parsed.GetValue(screenshot) is { } path ? host.FullPath(path) : null,
                SerialPort = parsed.GetValue(serial) is { } text ? ReadSerial(text) : null,
                Install = !parsed.GetValue(noInstall),
                Build = !parsed.GetValue(noBuild),
                Json = parsed.GetValue(json),
            };
            Check(settings);
            return RunAsync(host, settings, cancellation);
        });
        return command;
    }

    private static T Number<T>(ArgumentResult result, string what)
        where T : struct, INumberBase<T>
    {
        string text = result.Tokens[0].Value;
        if (!T.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out T number))
        {
            result.AddError($"{((OptionResult)result.Parent!).Option.Name} {text}: give {what}");
        }

        return number;
    }

    private static TimeSpan? ReadTimeout(double seconds) => seconds switch
    {
        0 => null,
        > 0 and <= 1e6 => TimeSpan.FromSeconds(seconds),
        _ => throw Wrong(string.Create(
            CultureInfo.InvariantCulture, $"--timeout {seconds}: give a number of seconds from 0 to 1000000")),
    };

    private static int ReadSerial(string text) =>
        text.StartsWith(SerialForm, StringComparison.Ordinal)
        && ushort.TryParse(text.AsSpan(SerialForm.Length), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port)
            ? port
            : throw Wrong($"--serial {text}: give {SerialForm}PORT, with a PORT from 0 (any free one) to 65535");

    private static void Check(RunSettings settings)
    {
        if (settings.MemoryMiB is < SmallestMemory or > LargestMemory)
        {
            throw Wrong(string.Create(
                CultureInfo.InvariantCulture,
                $"--memory {settings.MemoryMiB}: give MiB from {SmallestMemory} to {LargestMemory}"));
        }

        int most = settings.Machine.MaximumProcessors;
        if (settings.Processors < 1 || settings.Processors > most)
        {
            throw Wrong(string.Create(
                CultureInfo.InvariantCulture,
                $"--processors {settings.Processors}: {settings.Machine.Name} has 1 to {most}"));
        }

        if (settings.Interactive && (settings.Headless || settings.Json))
        {
            throw Wrong("--interactive goes with neither --headless nor --json; leave one out");
        }

        if (settings.Until is { Length: 0 })
        {
            throw Wrong("--until '': give the text to wait for");
        }

        if (settings.Screenshot is not null && !settings.Machine.HasScreen)
        {
            throw Wrong($"--screenshot goes not with --machine {settings.Machine.Name}, whose screen cannot be seen; leave it out");
        }

        if (settings.Screenshot is { } path && !Directory.Exists(Path.GetDirectoryName(path)))
        {
            throw Wrong($"--screenshot {path}: there is no such folder; make it first");
        }
    }

    private static EmberException Wrong(string message) => new(ErrorKind.Input, message);

    private static async Task<int> RunAsync(CliHost host, RunSettings settings, CancellationToken cancellation)
    {
        HostPurpose purpose = settings.Machine.Needs | (settings.Build ? HostPurpose.Build : HostPurpose.None);
        await new PackageInstaller(host.System, host.Report).EnsureAsync(purpose, settings.Install, cancellation);
        await using SerialServer? server = settings.SerialPort is { } port ? SerialServer.Open(port) : null;
        BuildFolder built = host.UsualOutput(
            settings.ImageFolder, (settings.Variant is null ? "" : $"-{settings.Variant}") + (settings.Interactive ? InteractiveVariant : ""));
        if (settings.Build)
        {
            string? extra = settings.Interactive ? InteractiveWord : null;
            BuildResult result = await BuildCommand.BuildAsync(
                host, settings.ImageFolder, built.Folder, extra, cancellation, variant: settings.Variant);
            built = result.Folder;
        }

        RunResult run = await BootAsync(host, settings, built, server, cancellation);
        if (settings.Json)
        {
            RunReport.Write(host.Output, run);
        }
        else
        {
            TimelineTable.Write(host.Output, run.Timeline);
        }

        if (run.Left)
        {
            host.Report("left");
            return 0;
        }

        return run.Verdict.Passed ? 0 : throw new EmberException(ErrorKind.Checked, run.Verdict.Reason!);
    }

    private static async Task<RunResult> BootAsync(
        CliHost host, RunSettings settings, BuildFolder built, SerialServer? server, CancellationToken cancellation)
    {
        MachineOptions options = new(built.Image)
        {
            Model = settings.Machine,
            MemoryMiB = settings.MemoryMiB,
            Processors = settings.Processors,
            CountsInstructions = settings.CountsInstructions,
        };
        ApplianceRun run = new(host.Clock)
        {
            Until = settings.Until,
            Timeout = settings.Timeout,
            Screenshot = settings.Screenshot,
        };
        using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using Stream screen = settings.Headless ? Stream.Null : settings.Json ? host.OpenError() : host.OpenOutput();
        SerialView view = new(screen, settings.Interactive);
        if (settings.Interactive)
        {
            host.Report("what you type goes to the appliance, whose menu is Ctrl-]; Ctrl-\\ leaves");
        }

        using RawTerminal? terminal = settings.Interactive ? RawTerminal.Enter() : null;
        await using IEmulatedMachine machine = await IEmulatedMachine.StartAsync(
            options,
            host.System,
            host.Clock,
            log =>
            {
                view.Attach(log);
                if (server is not null)
                {
                    log.BytesReceived += bytes => server.Send(bytes.Span);
                }
            },
            cancellation);
        server?.Serve(machine);
        if (server is not null)
        {
            host.Report($"the serial port is at {SerialForm}{server.Port.ToString(CultureInfo.InvariantCulture)}");
        }

        Task? left = settings.Interactive ? KeyboardInput.PassOnAsync(machine, over.Token) : null;
        RunResult result = await run.WatchAsync(machine, left, cancellation);
        view.EndLine();
        await over.CancelAsync();
        return result;
    }
}
