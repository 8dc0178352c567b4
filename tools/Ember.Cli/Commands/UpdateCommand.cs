using System;
using System.CommandLine;
using System.Text;
using System.Text.Json;
using System.Threading.Tasks;
using Ember.Cli.Terminals;
using Ember.Formats.Banks;
using Ember.Sdk.Banks;
using Ember.Sdk.Media;

namespace Ember.Cli.Commands;

/// <summary><c>ember update</c>: writes an update bundle into the idle bank of a key's image.</summary>
internal static class UpdateCommand
{
    /// <summary>Describes the command.</summary>
    public static Command Create(CliHost host)
    {
        Argument<string> image = new("IMAGE") { Description = "The image of a key that is in use" };
        Argument<string> bundle = new("BUNDLE") { Description = "The update, as 'ember build' writes it beside an image" };
        Option<bool> json = CommonOptions.Json();
        Command command = new("update", "Writes an update into the idle bank of a key; the next start tries it.") { image, bundle, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            string path = parsed.GetRequiredValue(image);
            using BundleFile update = BundleFile.Open(host.FullPath(parsed.GetRequiredValue(bundle)));
            using FileMedium medium = FileMedium.Open(host.FullPath(path));
            BankSlot target = BankSlot.None;
            await new Steps(host).RunAsync($"updating {path}", progress =>
            {
                BankUpdate work = new(medium, path) { Progress = new Percent(progress, path) };
                target = work.Target;
                work.Run(update, cancellation);
                return Task.CompletedTask;
            });
            Write(host, update, target, parsed.GetValue(json));
            return 0;
        });
        return command;
    }

    private static void Write(CliHost host, BundleFile update, BankSlot target, bool json)
    {
        BankManifest.TryRead(update.Manifest, out BankManifest manifest);
        string product = Encoding.ASCII.GetString(BankManifest.ProductOf(in manifest.Header));
        string version = Encoding.ASCII.GetString(BankManifest.ProductVersionOf(in manifest.Header));
        host.Output.WriteLine(json
            ? JsonSerializer.Serialize(
                new { bank = target.ToString(), product, version, tries = BankState.MostTries }, JsonOutput.Indented)
            : $"bank {target}: {product} {version} written and read back; the next start tries it, {BankState.MostTries} times at most");
    }

    /// <summary>Tells each tenth.</summary>
    private sealed class Percent(Action<string> tell, string path) : IProgress<(long Done, long Of)>
    {
        private long _told;

        public void Report((long Done, long Of) value)
        {
            long tenth = value.Done * 10 / value.Of;
            if (tenth != _told)
            {
                _told = tenth;
                tell($"updating {path}: {tenth * 10} %");
            }
        }
    }
}
