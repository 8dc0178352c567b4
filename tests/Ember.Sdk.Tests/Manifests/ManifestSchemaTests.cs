using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using Ember.Sdk.Manifests;
using Ember.Sdk.Tests.Hosting;

namespace Ember.Sdk.Tests.Manifests;

public sealed class ManifestSchemaTests
{
    private static readonly Dictionary<string, string> _tables = new()
    {
        ["appliance"] = "[appliance]",
        ["image"] = "[image]",
        ["vm"] = "[[vm]]",
        ["lab"] = "[lab]",
    };

    private static string Docs => Path.Combine(ReferenceBuild.Repository, "sdk", "docs");

    [Fact]
    public void The_schema_has_the_keys_that_the_reader_knows_and_no_others()
    {
        JsonNode tables = JsonNode.Parse(ManifestSchema.ToJson())!["properties"]!;
        AssertKeys(ManifestReader.Keys, tables);
        AssertKeys(ManifestReader.ApplianceKeys, tables["appliance"]!["properties"]!);
        AssertKeys(ImageReader.Keys, tables["image"]!["properties"]!);
        AssertKeys(SigningReader.Keys, tables["signing"]!["properties"]!);
        AssertKeys(SigningReader.KeysOfLocation, tables["signing"]!["properties"]!["secure_boot"]!["properties"]!);
        AssertKeys(UpdateReader.Keys, tables["update"]!["properties"]!);
        AssertKeys(BudgetReader.Keys, tables["budget"]!["properties"]!);
        AssertKeys(MachineReader.Keys, tables["vm"]!["items"]!["properties"]!);
        AssertKeys(BoardReader.Keys, tables["board"]!["properties"]!);
        AssertKeys(ManifestReader.LabKeys, tables["lab"]!["properties"]!);
        AssertKeys(
            ManifestReader.Keys.Where(key => key != ManifestVariants.Key), tables["variants"]!["additionalProperties"]!["properties"]!);
    }

    [Fact]
    public void The_schema_has_the_words_that_the_reader_knows()
    {
        (string Table, ManifestKey Key)[] keys = [.. ManifestSchema.Tables
            .SelectMany(table => table.Value.Select(key => (table.Key, key)))
            .Where(pair => pair.key.Values.ContainsKey("enum"))];
        Assert.Equal(6, keys.Length);
        foreach ((string table, ManifestKey key) in keys)
        {
            string[] lines = [.. ManifestText.Good.Split('\n').Where(line => !line.StartsWith(key.Name + " =", StringComparison.Ordinal))];
            int heading = Array.IndexOf(lines, _tables[table]);
            string text = string.Join('\n', [.. lines[..(heading + 1)], $"{key.Name} = \"?\"", .. lines[(heading + 1)..]]);
            string known = string.Join(", ", key.Values["enum"]!.AsArray().Select(word => $"\"{word}\""));
            Assert.EndsWith(
                $"{key.Name} \"?\" is unknown; known are {known}", ManifestText.Refused(text).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_published_schema_is_the_one_that_the_code_makes() =>
        Assert.Equal(ManifestSchema.ToJson(), File.ReadAllText(Path.Combine(Docs, "appliance.schema.json")));

    [Fact]
    public void The_page_about_the_manifest_has_the_tables_that_the_code_makes()
    {
        string page = File.ReadAllText(Path.Combine(Docs, "manifest.md"));
        foreach ((string name, IReadOnlyList<ManifestKey> keys) in ManifestSchema.Tables)
        {
            string table = string.Concat(keys.Select(key => key.Row + "\n"));
            string expected = $"| key | type | default | what |\n|---|---|---|---|\n{table}\n";
            Assert.True(page.Contains(expected, StringComparison.Ordinal), $"[{name}] has to be:\n{expected}");
        }
    }

    private static void AssertKeys(IEnumerable<string> keys, JsonNode properties) =>
        Assert.Equal(keys.Order(StringComparer.Ordinal), properties.AsObject().Select(member => member.Key).Order(StringComparer.Ordinal));
}
