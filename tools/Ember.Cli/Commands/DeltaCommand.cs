using System.CommandLine;
using System.Text.Json;
using System.Threading.Tasks;
using Ember.Cli.Terminals;
using Ember.Sdk.Banks;

namespace Ember.Cli.Commands;

/// <summary><c>ember delta</c>: makes a small update of two bundles, for keys that hold the older version.</summary>
internal static class DeltaCommand
{
    /// <summary>Describes the command.</summary>
    public static Command Create(CliHost host)
    {
        Argument<string> older = new("OLDER") { Description = "The bundle of the version that the keys hold" };
        Argument<string> newer = new("NEWER") { Description = "The bundle of the version that they are to get" };
        Argument<string> delta = new("DELTA") { Description = "The file to write" };
        Option<bool> json = CommonOptions.Json();
        Command command = new("delta", "Makes an update that holds only what differs between two bundles.") { older, newer, delta, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            string path = parsed.GetRequiredValue(delta);
            using BundleFile from = BundleFile.Open(host.FullPath(parsed.GetRequiredValue(older)));
            using BundleFile to = BundleFile.Open(host.FullPath(parsed.GetRequiredValue(newer)));
            (long bytes, long whole) = (0, 0);
            await new Steps(host).RunAsync($"comparing {parsed.GetRequiredValue(older)} and {parsed.GetRequiredValue(newer)}", _ =>
            {
                (bytes, whole) = BundleDelta.Write(from, to, host.FullPath(path), cancellation);
                return Task.CompletedTask;
            });
            host.Output.WriteLine(parsed.GetValue(json)
                ? JsonSerializer.Serialize(new { path, bytes, whole }, JsonOutput.Indented)
                : $"{path}: {bytes} bytes of {whole}; for keys that hold what {parsed.GetRequiredValue(older)} holds");
            return 0;
        });
        return command;
    }
}
