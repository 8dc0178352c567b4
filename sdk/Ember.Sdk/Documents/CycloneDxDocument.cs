using System;
using System.Linq;
using System.Text.Json.Nodes;
using Ember.Sdk.Compilation;

namespace Ember.Sdk.Documents;

/// <summary>A bill of materials as CycloneDX 1.6 (ECMA-424), in JSON.</summary>
internal static class CycloneDxDocument
{
    /// <summary>Writes a bill.</summary>
    public static JsonObject Write(BillOfMaterials bill, ToolVersions tools, string? time) => new()
    {
        ["$schema"] = "http://cyclonedx.org/schema/bom-1.6.schema.json",
        ["bomFormat"] = "CycloneDX",
        ["specVersion"] = "1.6",
        ["serialNumber"] = $"urn:uuid:{bill.Identify("CycloneDX")}",
        ["version"] = 1,
        ["metadata"] = Metadata(bill, tools, time),
        ["components"] = new JsonArray([.. bill.Components.Select(Describe)]),
        ["dependencies"] = new JsonArray([.. bill.Components.Prepend(bill.Appliance).Select(component => new JsonObject
        {
            ["ref"] = component.Id,
            ["dependsOn"] = new JsonArray([.. component.MadeOf.Select(id => JsonValue.Create(id))]),
        })]),
    };

    private static JsonObject Metadata(BillOfMaterials bill, ToolVersions tools, string? time)
    {
        JsonObject metadata = [];
        if (time is not null)
        {
            metadata["timestamp"] = time;
        }

        metadata["tools"] = new JsonObject
        {
            ["components"] = new JsonArray(
                Tool("ember", tools.Ember), Tool(".NET SDK", tools.Dotnet), Tool("ilc", tools.Ilc), Tool("lld", tools.Lld)),
        };
        metadata["component"] = Describe(bill.Appliance);
        metadata["supplier"] = new JsonObject { ["name"] = bill.Appliance.Supplier };
        return metadata;
    }

    private static JsonObject Tool(string name, string version) =>
        new() { ["type"] = "application", ["name"] = name, ["version"] = version };

    private static JsonObject Describe(Component component)
    {
        JsonObject json = new()
        {
            ["type"] = component.Kind switch
            {
                ComponentKind.Appliance or ComponentKind.Ember => "firmware",
                ComponentKind.KeyFile => "file",
                ComponentKind.Package => "application",
                ComponentKind.Source => "library",
                _ => throw new ArgumentOutOfRangeException(nameof(component)),
            },
            ["bom-ref"] = component.Id,
            ["name"] = component.Name,
        };
        if (component.Supplier is { } supplier)
        {
            json["supplier"] = new JsonObject { ["name"] = supplier };
        }

        if (component.Version is { } version)
        {
            json["version"] = version;
        }

        if (component.Sha256 is { } digest)
        {
            json["hashes"] = new JsonArray(new JsonObject { ["alg"] = "SHA-256", ["content"] = digest });
        }

        if (component.PackageUrl is { } url)
        {
            json["purl"] = url;
        }

        return json;
    }
}
