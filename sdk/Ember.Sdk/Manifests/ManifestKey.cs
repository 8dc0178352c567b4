using System.Collections.Generic;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Ember.Sdk.Manifests;

/// <summary>A key of a manifest, for whoever writes one.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">What its values are, in Markdown.</param>
/// <param name="Default">What holds where it is absent, in Markdown; <c>required</c> where it may not be.</param>
/// <param name="What">What it says, in Markdown, as the manifest's page has it.</param>
/// <param name="Values">The JSON Schema of its values.</param>
internal sealed partial record ManifestKey(string Name, string Type, string Default, string What, JsonObject Values)
{
    private const string Required = "required";

    /// <summary>A row of the table on the manifest's page.</summary>
    public string Row => $"| `{Name}` | {Type} | {Default} | {What} |";

    /// <summary>A table of keys as a JSON Schema.</summary>
    /// <param name="keys">The keys.</param>
    /// <param name="isWhole">False where required keys may be missing, because others stand under them.</param>
    public static JsonObject Table(IReadOnlyList<ManifestKey> keys, bool isWhole = true)
    {
        JsonObject properties = [];
        JsonArray required = [];
        foreach (ManifestKey key in keys)
        {
            JsonObject values = (JsonObject)key.Values.DeepClone();
            values["description"] = Link().Replace(key.What, "$1");
            properties[key.Name] = values;
            if (key.Default == Required && isWhole)
            {
                required.Add(key.Name);
            }
        }

        JsonObject table = new() { ["type"] = "object", ["additionalProperties"] = false, ["properties"] = properties };
        if (required.Count != 0)
        {
            table["required"] = required;
        }

        return table;
    }

    // The page's links lead from the page.
    [GeneratedRegex(@"\[([^\]]+)\]\([^)]+\)")]
    private static partial Regex Link();
}
