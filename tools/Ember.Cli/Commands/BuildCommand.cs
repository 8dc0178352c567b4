using System;
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
using Ember.Sdk.Manifests;
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
        Option<bool> noInstall = CommonOptions.NoInstall();
        Option<bool> json = CommonOptions.Json();
        Command command = new("build", "Compiles the core and an appliance's plan, and writes the image of its USB key.")
        {
            folder, output, release, noInstall, json,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            string imageFolder = host.FullPath(parsed.GetRequiredValue(folder));
            await new PackageInstaller(host.System, host.Report)
                .EnsureAsync(HostPurpose.Build, !parsed.GetValue(noInstall), cancellation);
            string destination = parsed.GetValue(output) is { } given
                ? host.FullPath(given)
                : host.UsualOutput(imageFolder).Folder;
            BuildResult result = await BuildAsync(host, imageFolder, destination, null, cancellation, parsed.GetValue(release));
            if (parsed.GetValue(json))
            {
                host.Output.Write(Encoding.UTF8.GetString(result.Record.ToJson()));
            }
            else
            {
                Write(host, result);
            }

            return 0;
        });
        return command;
    }

    /// <summary>Builds the appliance in <paramref name="imageFolder"/> while showing what goes on.</summary>
    public static async Task<BuildResult> BuildAsync(
        CliHost host, string imageFolder, string destination, string? extraCommandLine, CancellationToken cancellation,
        bool isRelease = false)
    {
        string? epochText = Environment.GetEnvironmentVariable(EpochVariable);
        long epoch = ReadEpoch(epochText);
        DateTimeOffset time = string.IsNullOrEmpty(epochText) ? host.Clock.GetUtcNow() : DateTimeOffset.FromUnixTimeSeconds(epoch);

        // Before anything that takes long, and before lines are drawn over: a wrong password is the likeliest thing to go wrong.
        ManifestSigning? signing = ApplianceBuild.ReadManifest(Shown(imageFolder)).Signing;
        using ISigningKey key = SigningKeys.OpenBankKey(signing, name => KeySecrets.Password(host, name), time);
        using ISigningKey? secureBootKey = SigningKeys.OpenSecureBootKey(signing, name => KeySecrets.Password(host, name), time);
        BuildResult? result = null;
        await new Steps(host).RunAsync($"building {Shown(imageFolder)}", async progress =>
        {
            ApplianceBuild build = new(host.Repository, host.System, host.Clock)
            {
                Progress = progress,
                ExtraCommandLine = extraCommandLine,
                SourceDateEpoch = epoch,
                IsRelease = isRelease,
                BankKey = key,
                SecureBootKey = secureBootKey,
            };
            result = await build.RunAsync(Shown(imageFolder), destination, cancellation);
        });
        return result!;
    }

    /// <summary>The time that files on the key carry, from the variable of that name.</summary>
    internal static long ReadEpoch(string? text) => text switch
    {
        null or "" => 0,
        _ when long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds) => seconds,
        _ => throw new EmberException(ErrorKind.Input, $"{EpochVariable}={text}: give seconds since 1970, or unset it"),
    };

    // As a person would write it: messages about the manifest begin with it.
    private static string Shown(string path)
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

        BuildTimes times = result.Times;
        host.Output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  core {times.Core.TotalSeconds:0.00} s, audit {times.Check.TotalSeconds:0.00} s, payloads {times.Payloads.TotalSeconds:0.00} s, "
            + $"image {times.Image.TotalSeconds:0.000} s, total {times.Total.TotalSeconds:0.00} s"));
    }
}
