using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Ember.Cli.Terminals;
using Ember.Sdk;
using Ember.Sdk.Compilation;
using Ember.Sdk.Hosts;
using Ember.Sdk.Images.Containers;
using Ember.Sdk.Manifests;
using Ember.Sdk.Measurements;
using Ember.Sdk.Signing;

namespace Ember.Cli.Commands;

/// <summary><c>ember build</c>: makes the image of a USB key from an appliance's folder.</summary>
internal static class BuildCommand
{
    private const string EpochVariable = "SOURCE_DATE_EPOCH";

    /// <summary>Describes the command.</summary>
    public static Command Create(CliHost host)
    {
        Argument<string> folder = CommonOptions.ImageFolder();
        Option<string?> output = new("--output")
        {
            Description = "The folder to write, in place of out/ and the appliance's folder's name",
            HelpName = "DIR",
        };
        Option<bool> release = new("--release")
        {
            Description = "Refuse what must not reach a customer: a test key, a fault for the lab",
        };
        Option<string> format = new("--format")
        {
            Description = $"The image's forms, separated by commas: {string.Join(", ", ImageFormat.All.Select(form => form.Name))}",
            DefaultValueFactory = _ => ImageFormat.Raw.Name,
            HelpName = "LIST",
        };
        Option<string?> variant = new("--variant")
        {
            Description = "Build these variants of the appliance, separated by commas",
            HelpName = "LIST",
        };
        Option<bool> all = new("--all") { Description = "Build every variant of the appliance" };
        Option<bool> unsigned = new("--unsigned")
        {
            Description = "Write what has to be signed into the output folder, for a key that is elsewhere; 'ember sign' goes on",
        };
        Option<bool> noInstall = CommonOptions.NoInstall();
        Option<bool> json = CommonOptions.Json();
        Command command = new("build", "Compiles the core and an appliance's plan, and writes the image of its USB key.")
        {
            folder, output, format, variant, all, release, unsigned, noInstall, json,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            string imageFolder = host.FullPath(parsed.GetRequiredValue(folder));
            IReadOnlyList<ImageFormat> formats = ImageFormat.ParseList(parsed.GetRequiredValue(format));
            string?[] variants = Variants(Shown(imageFolder), parsed.GetValue(variant), parsed.GetValue(all));
            await new PackageInstaller(host.System, host.Report)
                .EnsureAsync(HostPurpose.Build, !parsed.GetValue(noInstall), cancellation);
            List<OfflineResult> results = [];
            foreach (string? name in variants)
            {
                string destination = Destination(host, imageFolder, parsed.GetValue(output), name, variants.Length);
                results.Add(parsed.GetValue(unsigned)
                    ? await SignCommand.StartAsync(host, imageFolder, destination, parsed.GetValue(release), formats, name, cancellation)
                    : new OfflineResult(
                        await BuildAsync(host, imageFolder, destination, null, cancellation, parsed.GetValue(release), formats, name),
                        null));
            }

            if (parsed.GetValue(json))
            {
                string records = string.Join(",\n", results.Select(Json));
                host.Output.Write(variants is [null] ? $"{records}\n" : $"[\n{records}\n]\n");
            }
            else
            {
                results.ForEach(result => Write(host, imageFolder, result));
            }

            return 0;
        });
        return command;
    }

    /// <summary>Builds the appliance in <paramref name="imageFolder"/> while showing what goes on.</summary>
    public static async Task<BuildResult> BuildAsync(
        CliHost host, string imageFolder, string destination, string? extraCommandLine, CancellationToken cancellation,
        bool isRelease = false, IReadOnlyList<ImageFormat>? formats = null, string? variant = null)
    {
        (long epoch, DateTimeOffset time) = ReadTime(host);

        // Before anything that takes long, and before lines are drawn over: a wrong password is the likeliest thing to go wrong.
        ManifestSigning? signing = ApplianceBuild.ReadManifest(Shown(imageFolder), variant).Signing;
        using ISigningKey key = SigningKeys.OpenBankKey(signing, name => KeySecrets.Password(host, name), time);
        using ISigningKey? secureBootKey = SigningKeys.OpenSecureBootKey(signing, name => KeySecrets.Password(host, name), time);
        BuildResult? result = null;
        await RunAsync(host, imageFolder, variant, async progress =>
        {
            ApplianceBuild build = new(host.Repository, host.System, host.Clock)
            {
                Progress = progress,
                ExtraCommandLine = extraCommandLine,
                SourceDateEpoch = epoch,
                IsRelease = isRelease,
                Formats = formats ?? [ImageFormat.Raw],
                Variant = variant,
                BankKey = key,
                SecureBootKey = secureBootKey,
            };
            result = await build.RunAsync(Shown(imageFolder), destination, cancellation);
            return result;
        });
        return result!;
    }

    /// <summary>Shows what goes on while something is built, and then what its user should be told.</summary>
    internal static async Task RunAsync(
        CliHost host, string imageFolder, string? variant, Func<Action<string>, Task<BuildResult?>> build)
    {
        BuildResult? result = null;
        string what = variant is null ? Shown(imageFolder) : $"{Shown(imageFolder)}, variant {variant}";
        await new Steps(host).RunAsync($"building {what}", async progress => result = await build(progress));
        if (result?.Warning is { } warning)
        {
            host.Report($"warning: {warning}");
        }
    }

    /// <summary>What <c>--json</c> answers.</summary>
    internal static string Json(OfflineResult result) =>
        Encoding.UTF8.GetString(result.Waiting?.List.ToJson() ?? result.Built!.Record.ToJson()).TrimEnd();

    /// <summary>Tells a person what was built, or what has to be signed now.</summary>
    internal static void Write(CliHost host, string imageFolder, OfflineResult result)
    {
        if (result.Waiting is { } waiting)
        {
            SignCommand.Write(host, imageFolder, waiting);
        }
        else
        {
            Write(host, result.Built!);
        }
    }

    /// <summary>SOURCE_DATE_EPOCH, and when it is: that, or without it what the clock says.</summary>
    internal static (long Epoch, DateTimeOffset Time) ReadTime(CliHost host)
    {
        string? text = Environment.GetEnvironmentVariable(EpochVariable);
        long epoch = ReadEpoch(text);
        return (epoch, string.IsNullOrEmpty(text) ? host.Clock.GetUtcNow() : DateTimeOffset.FromUnixTimeSeconds(epoch));
    }

    /// <summary>The variants that are asked for, which are in order as far as can be told without building; null for the appliance without
    /// one.</summary>
    private static string?[] Variants(string imageFolder, string? list, bool all)
    {
        if (list is null && !all)
        {
            return [null];
        }

        IReadOnlyList<string> there = ApplianceBuild.ReadManifest(imageFolder).Variants;
        if (all && there.Count == 0)
        {
            throw new EmberException(
                ErrorKind.Input, $"--all: {Path.Combine(imageFolder, ApplianceBuild.ManifestFile)} has no [variants.NAME]; leave it out");
        }

        string[] asked = [.. list?.Split(',', StringSplitOptions.TrimEntries) ?? [], .. all ? there : []];
        string[] variants = [.. asked.Distinct()];
        foreach (string variant in variants)
        {
            ApplianceBuild.ReadManifest(imageFolder, variant);
        }

        return variants;
    }

    internal static string Destination(CliHost host, string imageFolder, string? output, string? variant, int count) => output is null
        ? host.UsualOutput(imageFolder, variant is null ? "" : $"-{variant}").Folder
        : host.FullPath(count == 1 ? output : Path.Combine(output, variant!));

    /// <summary>The time that files on the key carry, from the variable of that name.</summary>
    internal static long ReadEpoch(string? text) => text switch
    {
        null or "" => 0,
        _ when long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds) => seconds,
        _ => throw new EmberException(ErrorKind.Input, $"{EpochVariable}={text}: give seconds since 1970, or unset it"),
    };

    // As a person would write it: messages about the manifest begin with it.
    internal static string Shown(string path)
    {
        string relative = Path.GetRelativePath(Directory.GetCurrentDirectory(), path);
        return relative.StartsWith("..", StringComparison.Ordinal) ? path : relative;
    }

    private static void Write(CliHost host, BuildResult result)
    {
        host.Output.WriteLine($"{Shown(result.Folder.Folder)}:");
        int width = result.Record.Files.Max(file => file.Path.Length);
        foreach (BuiltFile file in result.Record.Files)
        {
            host.Output.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"  {file.Path.PadRight(width)}  {file.Digest.Length,13:N0} bytes"));
        }

        foreach (PcrPrediction pcr in result.Record.Pcrs)
        {
            host.Output.WriteLine($"  {pcr}");
        }

        BuildTimes times = result.Times;
        host.Output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  core {times.Core.TotalSeconds:0.00} s, audit {times.Check.TotalSeconds:0.00} s, payloads {times.Payloads.TotalSeconds:0.00} s, "
            + $"signing {times.Signing.TotalSeconds:0.000} s, image {times.Image.TotalSeconds:0.000} s, total {times.Total.TotalSeconds:0.00} s"));
    }
}
