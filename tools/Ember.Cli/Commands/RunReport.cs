using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using Ember.Sdk.Validation;

namespace Ember.Cli.Commands;

/// <summary>The result of <c>ember run</c> as JSON.</summary>
internal static class RunReport
{
    /// <summary>Writes the report; times are in seconds.</summary>
    public static void Write(TextWriter output, RunResult result)
    {
        JsonArray phases = [.. result.Timeline.Phases.Select(phase => (JsonNode)new JsonObject
        {
            ["name"] = phase.Name,
            ["start"] = phase.Start.TotalSeconds,
            ["duration"] = phase.Duration.TotalSeconds,
        })];
        JsonObject report = new()
        {
            ["passed"] = result.Verdict.Passed,
            ["reason"] = result.Verdict.Reason,
            ["end"] = result.End switch
            {
                MachineEnd.PoweredOff => "powered off",
                MachineEnd.Reset => "reset",
                MachineEnd.EmulatorDied => "emulator died",
                _ => "stopped",
            },
            ["timeline"] = phases,
            ["bootTimer"] = result.Timeline.BootTimer?.TotalSeconds,
            ["total"] = result.Timeline.Total.TotalSeconds,
        };
        output.WriteLine(report.ToJsonString(JsonOutput.Indented));
    }
}
