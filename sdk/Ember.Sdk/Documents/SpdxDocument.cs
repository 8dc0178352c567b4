using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.Json.Nodes;

namespace Ember.Sdk.Documents;

/// <summary>
/// A bill of materials as SPDX 2.3 (ISO/IEC 5962's successor), in JSON. Files of the key are packages with the purpose FILE, since SPDX
/// asks a SHA-1 of what it calls a file.
/// </summary>
internal static class SpdxDocument
{
    private const string Document = "SPDXRef-DOCUMENT";
    private const string Unknown = "NOASSERTION";

    /// <summary>Writes a bill.</summary>
    public static JsonObject Write(BillOfMaterials bill, string emberVersion, string time)
    {
        Component[] components = [bill.Appliance, .. bill.Components];
        Dictionary<string, string> ids = components.Index().ToDictionary(
            component => component.Item.Id, component => Reference(component.Index, component.Item.Name));
        return new JsonObject
        {
            ["spdxVersion"] = "SPDX-2.3",
            ["dataLicense"] = "CC0-1.0",
            ["SPDXID"] = Document,
            ["name"] = $"{bill.Appliance.Name} {bill.Appliance.Version}",
            ["documentNamespace"] = $"urn:uuid:{bill.Identify("SPDX")}",
            ["creationInfo"] = new JsonObject
            {
                ["created"] = time,
                ["creators"] = new JsonArray($"Tool: ember-{emberVersion}", $"Organization: {bill.Appliance.Supplier}"),
            },
            ["packages"] = new JsonArray([.. components.Select(component => Describe(component, ids))]),
            ["relationships"] = new JsonArray(
            [
                Relation(Document, "DESCRIBES", ids[bill.Appliance.Id]),
                .. components.SelectMany(component => component.MadeOf.Select(part => Relation(
                    ids[component.Id], component.Kind == ComponentKind.Appliance ? "CONTAINS" : "GENERATED_FROM", ids[part]))),
            ]),
        };
    }

    private static JsonObject Describe(Component component, Dictionary<string, string> ids)
    {
        JsonObject json = new()
        {
            ["SPDXID"] = ids[component.Id],
            ["name"] = component.Name,
            ["downloadLocation"] = Unknown,
            ["filesAnalyzed"] = false,
            ["licenseConcluded"] = Unknown,
            ["licenseDeclared"] = Unknown,
            ["copyrightText"] = Unknown,
            ["supplier"] = component.Supplier is { } supplier ? $"Organization: {supplier}" : Unknown,
            ["primaryPackagePurpose"] = component.Kind switch
            {
                ComponentKind.Appliance or ComponentKind.Ember => "FIRMWARE",
                ComponentKind.KeyFile => "FILE",
                ComponentKind.Package => "APPLICATION",
                ComponentKind.Source => "SOURCE",
                _ => throw new ArgumentOutOfRangeException(nameof(component)),
            },
        };
        if (component.Version is { } version)
        {
            json["versionInfo"] = version;
        }

        if (component.Sha256 is { } digest)
        {
            json["checksums"] = new JsonArray(new JsonObject { ["algorithm"] = "SHA256", ["checksumValue"] = digest });
        }

        if (component.PackageUrl is { } url)
        {
            json["externalRefs"] = new JsonArray(new JsonObject
            {
                ["referenceCategory"] = "PACKAGE-MANAGER",
                ["referenceType"] = "purl",
                ["referenceLocator"] = url,
            });
        }

        return json;
    }

    private static JsonObject Relation(string from, string type, string to) => new()
    {
        ["spdxElementId"] = from,
        ["relationshipType"] = type,
        ["relatedSpdxElement"] = to,
    };

    // The number tells names apart that differ only in what an identifier cannot have.
    private static string Reference(int index, string name) => string.Create(
        CultureInfo.InvariantCulture,
        $"SPDXRef-{index}-{string.Concat(name.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter == '.' ? letter : '-'))}");
}
