using System.CommandLine;
using Ember.Sdk.Compilation;
using Ember.Sdk.Manifests;
using Ember.Sdk.Summaries;

namespace Ember.Cli.Commands;

/// <summary><c>ember summary</c>: tells what would be built, without building.</summary>
internal static class SummaryCommand
{
    /// <summary>Describes the command.</summary>
    public static Command Create(CliHost host)
    {
        Argument<string> folder = CommonOptions.ImageFolder();
        Option<string?> variant = new("--variant") { Description = "The variant to tell about", HelpName = "NAME" };
        Option<bool> json = CommonOptions.Json();
        Command command = new("summary", "Tells what would be built of an appliance, without building it.") { folder, variant, json };
        command.SetAction(parsed =>
        {
            string imageFolder = host.FullPath(parsed.GetRequiredValue(folder));
            Manifest manifest = ApplianceBuild.ReadManifest(imageFolder, parsed.GetValue(variant));
            foreach (string name in manifest.Variants)
            {
                ApplianceBuild.ReadManifest(imageFolder, name);
            }

            ApplianceSummary summary = ApplianceSummary.Of(manifest);
            if (parsed.GetValue(json))
            {
                host.Output.WriteLine(SummaryJson.Of(summary).ToJsonString(JsonOutput.Indented));
            }
            else
            {
                SummaryText.Write(host.Output, summary);
            }
        });
        return command;
    }
}
