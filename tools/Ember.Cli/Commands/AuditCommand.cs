using System.CommandLine;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using Ember.Sdk;
using Ember.Sdk.Audit;
using Ember.Sdk.Footprint;

namespace Ember.Cli.Commands;

/// <summary><c>ember audit</c>: proves of a core what it can never do.</summary>
internal static class AuditCommand
{
    /// <summary>Describes the command.</summary>
    public static Command Create(CliHost host)
    {
        Argument<string> target = FootprintTargets.Argument();
        Option<bool> evidence = new("--evidence") { Description = "Show what each rule rests on, function by function" };
        Option<bool> json = CommonOptions.Json();
        Option<bool> noBuild = FootprintTargets.NoBuild();
        Option<bool> noInstall = CommonOptions.NoInstall();
        Command command = new("audit", "Disassembles a linked core and proves what it can never do.")
        {
            target, evidence, json, noBuild, noInstall,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            FootprintTarget opened = await FootprintTargets.OpenAsync(
                host, parsed.GetRequiredValue(target), !parsed.GetValue(noBuild), !parsed.GetValue(noInstall), cancellation);
            AuditReport report = opened.Audit();
            if (parsed.GetValue(json))
            {
                WriteJson(host.Output, report);
            }
            else
            {
                AuditText.Write(host.Output, report, parsed.GetValue(evidence));
            }

            int broken = report.Rules.Count(rule => rule.Violations.Count != 0);
            return report.Passed
                ? 0
                : throw new EmberException(
                    ErrorKind.Checked,
                    string.Create(CultureInfo.InvariantCulture, $"{opened.Path}: {broken} of {report.Rules.Count} rules do not hold; see above"));
        });
        return command;
    }

    private static void WriteJson(TextWriter output, AuditReport report)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            AuditJson.Write(json, report);
        }

        output.WriteLine(Encoding.UTF8.GetString(stream.ToArray()));
    }
}
