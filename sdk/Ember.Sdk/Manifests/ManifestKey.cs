using System.Collections.Generic;
using System.Text.Json.Nodes;

namespace Ember.Sdk.Manifests;

/// <summary>A key of a manifest, for whoever writes one.</summary>
/// <param name="Name">Its name.</param>
/// <param name="What">What it says, in one sentence.</param>
/// <param name="Values">The JSON Schema of its values.</param>
/// <param name="IsRequired">Whether it has to be there.</param>
internal sealed record ManifestKey(string Name, string What, JsonObject Values, bool IsRequired = false)
{
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
            values["description"] = key.What;
            properties[key.Name] = values;
            if (key.IsRequired && isWhole)
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
}
