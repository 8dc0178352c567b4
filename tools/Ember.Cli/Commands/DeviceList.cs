using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using Ember.Sdk.Media.Devices;
using Ember.Sdk.Media.Refusals;

namespace Ember.Cli.Commands;

/// <summary>Shows devices that a key may be made of.</summary>
internal static class DeviceList
{
    /// <summary>Writes a line for each, and what keeps it from being written below it.</summary>
    public static void WriteText(TextWriter output, IReadOnlyList<BlockDevice> devices)
    {
        if (devices.Count == 0)
        {
            output.WriteLine("no removable device is plugged in");
        }

        foreach (BlockDevice device in devices)
        {
            output.WriteLine(Describe(device));
            foreach (Refusal refusal in Refusals(device))
            {
                output.WriteLine($"  refused by rule '{refusal.Rule}': {refusal.Reason}; {refusal.Remedy}");
            }
        }
    }

    /// <summary>The same for a program.</summary>
    public static JsonArray Json(IEnumerable<BlockDevice> devices) => new(
    [
        .. devices.Select(device => (JsonNode)new JsonObject
        {
            ["path"] = device.Path,
            ["vendor"] = device.Vendor,
            ["model"] = device.Model,
            ["serial"] = device.Serial,
            ["size"] = device.Length,
            ["removable"] = device.IsRemovable,
            ["confirmation"] = device.Confirmation,
            ["refusals"] = new JsonArray([.. Refusals(device).Select(refusal => (JsonNode)new JsonObject
            {
                ["rule"] = refusal.Rule,
                ["reason"] = refusal.Reason,
                ["remedy"] = refusal.Remedy,
            })]),
        }),
    ]);

    /// <summary>A device in one line.</summary>
    public static string Describe(BlockDevice device)
    {
        string serial = device.Serial.Length == 0 ? "no serial number" : $"serial {device.Serial}";
        string name = $"{device.Vendor} {device.Model}".Trim();
        return string.Create(CultureInfo.InvariantCulture,
            $"{device.Path}  {(name.Length == 0 ? "unnamed" : name)}  {serial}  {device.Length / 1e9:0.0} GB ({device.Length:N0} bytes)");
    }

    private static IReadOnlyList<Refusal> Refusals(BlockDevice device) => WriteRules.Check(device, new WriteIntent());
}
