using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ember.Benchmarks.Reports;

/// <summary>A table of figures, and what there is to say about them.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Columns">The heads of the columns.</param>
/// <param name="Rows">The rows: texts, numbers, and null where there is no figure.</param>
/// <param name="Notes">Sentences.</param>
internal sealed record BenchmarkReport(
    string Name, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<object?>> Rows, IReadOnlyList<string> Notes)
{
    private static readonly JsonSerializerOptions _json = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The table in Markdown, the notes below it.</summary>
    public string ToMarkdown()
    {
        StringBuilder text = new();
        AppendRow(text, Columns);
        AppendRow(text, Columns.Select(_ => "---"));
        foreach (IReadOnlyList<object?> row in Rows)
        {
            AppendRow(text, row.Select(Format));
        }

        text.Append('\n');
        foreach (string note in Notes)
        {
            text.Append("- ").Append(note).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>The same as JSON, an object with the columns' names for each row.</summary>
    public string ToJson()
    {
        JsonArray rows = [];
        foreach (IReadOnlyList<object?> row in Rows)
        {
            rows.Add(new JsonObject(Columns.Zip(row, (name, value) => KeyValuePair.Create(name, (JsonNode?)ToNode(value)))));
        }

        JsonObject report = new()
        {
            ["name"] = Name,
            ["rows"] = rows,
            ["notes"] = new JsonArray([.. Notes.Select(note => JsonValue.Create(note))]),
        };
        return report.ToJsonString(_json) + "\n";
    }

    private static void AppendRow(StringBuilder text, IEnumerable<string> cells) =>
        text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");

    private static string Format(object? cell) => cell switch
    {
        null => "",
        double number => number.ToString(number < 100 ? "0.00" : "N0", CultureInfo.InvariantCulture),
        _ => Convert.ToString(cell, CultureInfo.InvariantCulture)!,
    };

    private static JsonValue? ToNode(object? cell) => cell switch
    {
        null => null,
        double number => JsonValue.Create(number),
        _ => JsonValue.Create(Convert.ToString(cell, CultureInfo.InvariantCulture)),
    };
}
