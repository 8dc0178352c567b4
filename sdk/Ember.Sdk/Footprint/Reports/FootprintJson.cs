using System.Collections.Generic;
using System.IO;
using System.Text.Json;
using Ember.Sdk.Audit;
using Ember.Sdk.Output;
using Ember.Sdk.Symbols;

namespace Ember.Sdk.Footprint.Reports;

/// <summary>The report for programs. <c>sdk/docs/footprint.schema.json</c> describes it.</summary>
public static class FootprintJson
{
    /// <summary>The version of the layout.</summary>
    public const int Format = 1;

    /// <summary>Writes the report in UTF-8, ending with a line end.</summary>
    public static void Write(Stream output, FootprintReport report)
    {
        using (Utf8JsonWriter json = new(output, JsonLayout.Writer))
        {
            json.WriteStartObject();
            json.WriteNumber("format", Format);
            json.WriteString("name", report.Name);
            json.WriteString("digest", report.Digest);
            json.WritePropertyName("tree");
            WriteNode(json, report.Root);
            WriteList(json, "symbols", report.Symbols, WriteSymbol);
            WriteList(json, "generics", report.Generics, WriteGeneric);
            WriteList(json, "duplicates", report.Duplicates, WriteDuplicates);
            if (report.Diff is { } diff)
            {
                WriteDiff(json, diff);
            }

            WriteList(json, "history", report.History, WriteHistory);
            if (report.Audit is { } audit)
            {
                json.WritePropertyName("audit");
                AuditJson.Write(json, audit);
            }

            json.WriteEndObject();
        }

        output.Write("\n"u8);
    }

    /// <summary>Writes the listing of a function in UTF-8, ending with a line end.</summary>
    public static void WriteListing(Stream output, SymbolReport symbol, MethodListing listing)
    {
        using (Utf8JsonWriter json = new(output, JsonLayout.Writer))
        {
            json.WriteStartObject();
            json.WriteNumber("format", Format);
            json.WritePropertyName("symbol");
            WriteSymbol(json, symbol);
            WriteList(json, "instructions", listing.Lines, (writer, line) =>
            {
                writer.WriteStartObject();
                writer.WriteNumber("rva", line.Rva);
                writer.WriteNumber("length", line.Length);
                writer.WriteString("text", line.Text);
                WriteOptional(writer, "source", line.Source);
                writer.WriteEndObject();
            });
            json.WriteEndObject();
        }

        output.Write("\n"u8);
    }

    private static void WriteNode(Utf8JsonWriter json, FootprintNode node)
    {
        json.WriteStartObject();
        json.WriteString("name", node.Name);
        if (node.Kind is { } kind)
        {
            json.WriteString("kind", ReportNames.Of<PieceKind>(kind));
        }

        WriteSizes(json, "sizes", node.Sizes);
        WriteOptional(json, "symbol", node.Symbol);
        if (node.Children.Count != 0)
        {
            WriteList(json, "children", node.Children, WriteNode);
        }

        json.WriteEndObject();
    }

    private static void WriteSymbol(Utf8JsonWriter json, SymbolReport report)
    {
        Symbol symbol = report.Symbol;
        json.WriteStartObject();
        json.WriteString("name", symbol.Name);
        json.WriteString("kind", ReportNames.Of<SymbolKind>(symbol.Kind));
        json.WriteNumber("rva", symbol.Rva);
        json.WriteNumber("length", symbol.Length);
        json.WriteString("assembly", symbol.Source.Assembly);
        json.WriteString("namespace", symbol.Source.Namespace);
        json.WriteString("type", symbol.Source.Type);
        json.WriteString("member", symbol.Source.Member);
        WriteStrings(json, "aliases", symbol.Aliases);
        WriteSizes(json, "sizes", report.Sizes);
        WriteSizes(json, "retained", report.Retained);
        WriteOptional(json, "dominator", report.Dominator);
        WriteStrings(json, "path", report.Path);
        json.WriteEndObject();
    }

    private static void WriteGeneric(Utf8JsonWriter json, GenericGroup group)
    {
        json.WriteStartObject();
        json.WriteString("definition", group.Definition);
        WriteSizes(json, "sizes", group.Sizes);
        WriteList(json, "shapes", group.Shapes, (writer, shape) => writer.WriteStringValue(shape.Name));
        json.WriteEndObject();
    }

    private static void WriteDuplicates(Utf8JsonWriter json, DuplicateGroup group)
    {
        json.WriteStartObject();
        json.WriteBoolean("exact", group.IsExact);
        json.WriteNumber("wasted", group.Wasted);
        WriteList(json, "bodies", group.Bodies, (writer, body) => writer.WriteStringValue(body.Name));
        json.WriteEndObject();
    }

    private static void WriteDiff(Utf8JsonWriter json, FootprintDiff diff)
    {
        json.WriteStartObject("diff");
        json.WriteString("baseline", diff.BaselineName);
        WriteSizes(json, "before", diff.Before);
        WriteSizes(json, "after", diff.After);
        WriteList(json, "rows", diff.Rows, (writer, row) =>
        {
            writer.WriteStartObject();
            writer.WriteString("change", ReportNames.Of<DiffChange>(row.Change));
            writer.WriteString("kind", ReportNames.Of<PieceKind>(row.Kind));
            writer.WriteString("namespace", row.Namespace);
            writer.WriteString("name", row.Name);
            WriteOptional(writer, "formerName", row.FormerName);
            WriteSizes(writer, "before", row.Before);
            WriteSizes(writer, "after", row.After);
            writer.WriteEndObject();
        });
        json.WriteEndObject();
    }

    private static void WriteHistory(Utf8JsonWriter json, HistoryEntry entry)
    {
        json.WriteStartObject();
        json.WriteString("revision", entry.Revision);
        json.WriteString("digest", entry.Digest);
        WriteSizes(json, "sizes", entry.Sizes);
        json.WriteStartObject("namespaces");
        foreach ((string name, long bytes) in entry.Namespaces)
        {
            json.WriteNumber(name, bytes);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteSizes(Utf8JsonWriter json, string name, Sizes sizes)
    {
        json.WriteStartObject(name);
        json.WriteNumber("flash", sizes.Flash);
        json.WriteNumber("file", sizes.File);
        json.WriteNumber("loaded", sizes.Loaded);
        json.WriteNumber("runTime", sizes.RunTime);
        json.WriteEndObject();
    }

    private static void WriteStrings(Utf8JsonWriter json, string name, IReadOnlyList<string> values) =>
        WriteList(json, name, values, (writer, value) => writer.WriteStringValue(value));

    private static void WriteOptional(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }

    private static void WriteList<T>(Utf8JsonWriter json, string name, IReadOnlyList<T> values, System.Action<Utf8JsonWriter, T> write)
    {
        json.WriteStartArray(name);
        foreach (T value in values)
        {
            write(json, value);
        }

        json.WriteEndArray();
    }
}
