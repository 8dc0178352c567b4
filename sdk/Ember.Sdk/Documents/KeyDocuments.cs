using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Text;
using System.Text.Json.Nodes;
using Ember.Sdk.Output;

namespace Ember.Sdk.Documents;

/// <summary>
/// The documents about a bank. They do not lie on the key; its manifest holds their digests, so that its signature is theirs too. The same
/// appliance gives the same documents: they hold no path of the host, and no time but the one that is given.
/// </summary>
public static class KeyDocuments
{
    /// <summary>The name of the bill of materials as CycloneDX.</summary>
    public const string CycloneDx = "sbom.cdx.json";

    /// <summary>The name of the bill of materials as SPDX.</summary>
    public const string Spdx = "sbom.spdx.json";

    /// <summary>The name of the statement of provenance.</summary>
    public const string Provenance = "provenance.json";

    /// <summary>Writes all of them.</summary>
    /// <exception cref="EmberException">A file that the appliance was made of cannot be read any more (exit code 2).</exception>
    public static IReadOnlyList<KeyDocument> Write(ApplianceFacts facts, KeyPrograms programs)
    {
        ArgumentNullException.ThrowIfNull(facts);
        string time = DateTimeOffset.FromUnixTimeSeconds(facts.SourceDateEpoch)
            .ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        BillOfMaterials bill = BillOfMaterials.Of(facts, programs);
        try
        {
            return
            [
                Document(CycloneDx, CycloneDxDocument.Write(bill, facts.Tools, facts.SourceDateEpoch == 0 ? null : time)),
                Document(Spdx, SpdxDocument.Write(bill, facts.Tools.Ember, time)),
                Document(Provenance, ProvenanceDocument.Write(facts, bill)),
            ];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EmberException(ErrorKind.Input, $"{facts.Manifest.Path}: a file it names cannot be read: {e.Message}", e);
        }
    }

    private static KeyDocument Document(string name, JsonObject json) =>
        new(name, Encoding.UTF8.GetBytes(json.ToJsonString(JsonLayout.Serializer) + "\n"));
}
