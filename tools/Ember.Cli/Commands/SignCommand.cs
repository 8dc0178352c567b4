using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Ember.Sdk.Compilation;
using Ember.Sdk.Hosts;
using Ember.Sdk.Images.Containers;
using Ember.Sdk.Signing.Offline;

namespace Ember.Cli.Commands;

/// <summary><c>ember sign</c>: goes on with a build whose keys are elsewhere.</summary>
internal static class SignCommand
{
    /// <summary>Describes the command.</summary>
    public static Command Create(CliHost host)
    {
        Argument<string> folder = CommonOptions.ImageFolder();
        Option<string?> attach = new("--attach")
        {
            Description = "The folder with the signatures, of which 'ember build --unsigned' says the names",
            HelpName = "FOLDER",
        };
        Option<string?> output = new("--output")
        {
            Description = "The folder that was built into, if it is not the usual one",
            HelpName = "DIR",
        };
        Option<string?> variant = new("--variant") { Description = "The variant that was built", HelpName = "NAME" };
        Option<bool> noInstall = CommonOptions.NoInstall();
        Option<bool> json = CommonOptions.Json();
        Command command = new("sign", "Tells what has to be signed after 'ember build --unsigned', and takes the signatures.")
        {
            folder, attach, output, variant, noInstall, json,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            string imageFolder = host.FullPath(parsed.GetRequiredValue(folder));
            string destination = BuildCommand.Destination(host, imageFolder, parsed.GetValue(output), parsed.GetValue(variant), 1);
            OfflineResult result = new(null, SigningFolder.Read(destination));
            if (parsed.GetValue(attach) is { } attached)
            {
                await new PackageInstaller(host.System, host.Report)
                    .EnsureAsync(HostPurpose.Build, !parsed.GetValue(noInstall), cancellation);
                result = await BuildAsync(host, imageFolder, result.Waiting!.List, isRelease: false, (build, source) =>
                    build.AttachAsync(host.FullPath(attached), source, destination, cancellation));
            }

            if (parsed.GetValue(json))
            {
                host.Output.WriteLine(BuildCommand.Json(result));
            }
            else
            {
                BuildCommand.Write(host, imageFolder, result);
            }

            return 0;
        });
        return command;
    }

    /// <summary>Builds as far as it goes without a signature.</summary>
    public static Task<OfflineResult> StartAsync(
        CliHost host, string imageFolder, string destination, bool isRelease, IReadOnlyList<ImageFormat> formats, string? variant,
        CancellationToken cancellation)
    {
        SigningList list = new(
            variant, string.Join(',', formats.Select(format => format.Name)), BuildCommand.ReadTime(host).Epoch, []);
        return BuildAsync(
            host, imageFolder, list, isRelease, (build, source) => build.StartAsync(list, source, destination, cancellation));
    }

    /// <summary>Tells a person what has to be signed, how, and what then.</summary>
    public static void Write(CliHost host, string imageFolder, SigningFolder waiting)
    {
        string folder = BuildCommand.Shown(waiting.Folder);
        ListedRequest[] pending = [.. waiting.List.Pending];
        host.Output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{folder}: round {waiting.List.Round} of {ListedRequest.Rounds} waits for signatures"));
        foreach (ListedRequest request in pending)
        {
            string state = File.Exists(Path.Combine(waiting.Folder, request.SignatureFile)) ? "there" : "missing";
            host.Output.WriteLine($"  {request.SignatureFile}  {state}; of {request.RequestFile}");
        }

        host.Output.WriteLine($"by the key of '{pending[0].Key.Subject}', key id {pending[0].Key.KeyId}; for example");
        foreach (ListedRequest request in pending)
        {
            host.Output.WriteLine(
                $"  openssl dgst -sha256 -sign KEY -out {folder}/{request.SignatureFile} {folder}/{request.RequestFile}");
        }

        string where = Path.GetDirectoryName(waiting.Folder)!;
        string? variant = waiting.List.Variant;
        string more = where != BuildCommand.Destination(host, imageFolder, null, variant, 1) ? $" --output {BuildCommand.Shown(where)}"
            : variant is null ? "" : $" --variant {variant}";
        host.Output.WriteLine($"then\n  ember sign {BuildCommand.Shown(imageFolder)}{more} --attach {folder}");
    }

    private static async Task<OfflineResult> BuildAsync(
        CliHost host, string imageFolder, SigningList list, bool isRelease, Func<OfflineBuild, string, Task<OfflineResult>> round)
    {
        string source = BuildCommand.Shown(imageFolder);
        using OfflineKeys keys = OfflineKeys.Open(
            ApplianceBuild.ReadManifest(source, list.Variant).Signing, BuildCommand.ReadTime(host).Time);
        OfflineResult? result = null;
        await BuildCommand.RunAsync(host, imageFolder, list.Variant, async progress =>
        {
            OfflineBuild build = new(keys, how => new ApplianceBuild(host.Repository, host.System, host.Clock)
            {
                Progress = progress,
                SourceDateEpoch = how.SourceDateEpoch,
                IsRelease = isRelease,
                Formats = ImageFormat.ParseList(how.Formats),
                Variant = how.Variant,
                BankKey = keys.Bank,
                SecureBootKey = keys.SecureBoot,
            });
            result = await round(build, source);
            return result.Built;
        });
        return result!;
    }
}
