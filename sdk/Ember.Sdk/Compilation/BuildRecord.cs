using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Text.Json;
using Ember.Sdk.Measurements;
using Ember.Sdk.Output;

namespace Ember.Sdk.Compilation;

/// <summary>
/// What was built, of what, with which tools. It holds no time and no path of the host, so the same source gives the same record.
/// </summary>
/// <param name="Name">The appliance.</param>
/// <param name="Product">What its maker calls it.</param>
/// <param name="Version">The product's version.</param>
/// <param name="Variant">Which variant of the appliance it is; null for none.</param>
/// <param name="Tools">What built it.</param>
/// <param name="Files">The files of the output folder, but for the record itself.</param>
/// <param name="KeyFiles">The files on the key.</param>
/// <param name="Pcrs">What a TPM's registers hold once this was started.</param>
public sealed record BuildRecord(
    string Name,
    string Product,
    string Version,
    string? Variant,
    ToolVersions Tools,
    IReadOnlyList<BuiltFile> Files,
    IReadOnlyList<BuiltFile> KeyFiles,
    IReadOnlyList<PcrPrediction> Pcrs)
{
    /// <summary>The record's name in the output folder.</summary>
    public const string FileName = "build.json";

    /// <summary>The record as JSON in UTF-8, ending with a line end.</summary>
    public byte[] ToJson()
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream, JsonLayout.Writer))
        {
            json.WriteStartObject();
            json.WriteString("name", Name);
            json.WriteString("product", Product);
            json.WriteString("version", Version);
            if (Variant is not null)
            {
                json.WriteString("variant", Variant);
            }

            json.WriteStartObject("tools");
            json.WriteString("ember", Tools.Ember);
            json.WriteString("dotnet", Tools.Dotnet);
            json.WriteString("ilc", Tools.Ilc);
            json.WriteString("lld", Tools.Lld);
            json.WriteEndObject();
            Write(json, "files", Files);
            Write(json, "key", KeyFiles);
            WritePcrs(json);
            json.WriteEndObject();
        }

        stream.Write("\n"u8);
        return stream.ToArray();
    }

    private void WritePcrs(Utf8JsonWriter json)
    {
        json.WriteStartArray("pcrs");
        foreach (PcrPrediction pcr in Pcrs)
        {
            json.WriteStartObject();
            json.WriteNumber("index", pcr.Index);
            json.WriteString("event", pcr.Event);
            json.WriteString("digest", pcr.Digest);
            json.WriteString("value", pcr.Value);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, string name, IReadOnlyList<BuiltFile> files)
    {
        json.WriteStartArray(name);
        foreach (BuiltFile file in files)
        {
            json.WriteStartObject();
            json.WriteString("path", file.Path);
            json.WriteNumber("size", file.Digest.Length);
            json.WriteString("sha256", file.Digest.Sha256);
            json.WriteString("xxh3", file.Digest.Xxh3.ToString("x16", CultureInfo.InvariantCulture));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
