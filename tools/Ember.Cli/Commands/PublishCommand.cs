using System.CommandLine;
using System.IO;
using System.Text.Json;
using System.Threading.Tasks;
using Ember.Cli.Terminals;
using Ember.Sdk.Banks;

namespace Ember.Cli.Commands;

/// <summary><c>ember publish</c>: writes the files with which a server offers an update.</summary>
internal static class PublishCommand
{
    /// <summary>Describes the command.</summary>
    public static Command Create(CliHost host)
    {
        Argument<string> bundle = new("BUNDLE") { Description = "The update: what 'ember build' writes beside an image, or a delta" };
        Argument<string> folder = new("FOLDER") { Description = "The server's folder; made if it is not there" };
        Option<bool> json = CommonOptions.Json();
        Command command = new("publish", "Writes the two files with which a server offers an update.") { bundle, folder, json };
        command.SetAction(async (parsed, _) =>
        {
            string path = parsed.GetRequiredValue(folder);
            using BundleFile update = BundleFile.Open(host.FullPath(parsed.GetRequiredValue(bundle)));
            await new Steps(host).RunAsync($"writing {path}", _ =>
            {
                ServedUpdate.Write(update, host.FullPath(path));
                return Task.CompletedTask;
            });
            (string head, string whole) = (Path.Combine(path, BankNames.ServedHead), Path.Combine(path, BankNames.ServedBundle));
            host.Output.WriteLine(parsed.GetValue(json)
                ? JsonSerializer.Serialize(
                    new { head, headBytes = update.Head.DataOffset, bundle = whole, bytes = update.Length }, JsonOutput.Indented)
                : $"{whole}: {update.Length} bytes\n{head}: {update.Head.DataOffset} bytes, for every start of an appliance");
            return 0;
        });
        return command;
    }
}
