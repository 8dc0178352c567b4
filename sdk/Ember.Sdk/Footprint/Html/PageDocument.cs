using System;
using System.Buffers;
using System.Collections.Generic;
using System.Linq;
using System.Text.Encodings.Web;
using System.Text.Json;
using Ember.Sdk.Audit;
using Ember.Sdk.Symbols;

namespace Ember.Sdk.Footprint.Html;

/// <summary>
/// Writes a report as the JSON that the page's <c>model.js</c> reads. What there is much of are arrays without names, symbols are
/// numbers, and sizes four numbers: flash, file, loaded, run time.
/// </summary>
/// <param name="json">Where to.</param>
/// <param name="symbols">The report's symbols by their names.</param>
internal sealed class PageDocument(Utf8JsonWriter json, SymbolNumbers symbols)
{
    /// <summary>It goes into the page deflated and in base 64: nothing in it can be taken for HTML.</summary>
    private static readonly JsonWriterOptions _options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The document, UTF-8.</summary>
    public static byte[] Write(FootprintReport report)
    {
        ArrayBufferWriter<byte> bytes = new();
        using (Utf8JsonWriter json = new(bytes, _options))
        {
            new PageDocument(json, new SymbolNumbers(report.Symbols)).WriteReport(report);
        }

        return bytes.WrittenSpan.ToArray();
    }

    private void WriteReport(FootprintReport report)
    {
        json.WriteStartObject();
        json.WritePropertyName("name");
        Write(report.Name);
        json.WritePropertyName("digest");
        Write(report.Digest);
        json.WritePropertyName("tree");
        Write(report.Root);
        WriteAll("symbols", report.Symbols, Write);
        WriteAll("generics", report.Generics, Write);
        WriteAll("duplicates", report.Duplicates, Write);
        WriteAll("history", report.History, Write);
        if (report.Diff is { } diff)
        {
            json.WriteStartObject("diff");
            json.WritePropertyName("baseline");
            Write(diff.BaselineName);
            json.WritePropertyName("before");
            Write(diff.Before);
            json.WritePropertyName("after");
            Write(diff.After);
            WriteAll("rows", diff.Rows, Write);
            json.WriteEndObject();
        }

        if (report.Audit is { } audit)
        {
            WriteAll("audit", audit.Rules, Write);
        }

        new ListingDocument(json, symbols).Write(report.Listings);
        json.WriteEndObject();
    }

    private void Write(FootprintNode node)
    {
        json.WriteStartArray();
        Write(node.Name);
        json.WriteStringValue(node.Kind?.ToString());
        Write(node.Sizes);
        Write(symbols.OfSymbol(node.Symbol));
        WriteAll(node.Children, Write);
        json.WriteEndArray();
    }

    private void Write(SymbolReport report)
    {
        Symbol symbol = report.Symbol;
        json.WriteStartArray();
        Write(symbol.Name);
        json.WriteStringValue(symbol.Kind.ToString());
        json.WriteNumberValue(symbol.Rva);
        json.WriteNumberValue(symbol.Length);
        Write(symbol.Source.Assembly);
        Write(symbol.Source.Namespace);
        Write(symbol.Source.Type);
        Write(symbol.Source.Member);
        WriteAll(symbol.Aliases, Write);
        Write(report.Sizes);
        Write(report.Retained);
        WriteReference(report.Dominator);
        WriteAll(report.Path, WriteReference);
        json.WriteEndArray();
    }

    private void Write(GenericGroup group)
    {
        json.WriteStartArray();
        Write(group.Definition);
        Write(group.Sizes);
        WriteAll(group.Shapes, Write);
        json.WriteEndArray();
    }

    private void Write(DuplicateGroup group)
    {
        json.WriteStartArray();
        json.WriteBooleanValue(group.IsExact);
        json.WriteNumberValue(group.Wasted);
        WriteAll(group.Bodies, Write);
        json.WriteEndArray();
    }

    private void Write(DiffRow row)
    {
        json.WriteStartArray();
        json.WriteStringValue(row.Change.ToString());
        json.WriteStringValue(row.Kind.ToString());
        Write(row.Namespace);
        Write(row.Name);
        Write(row.FormerName ?? "");
        Write(row.Before);
        Write(row.After);
        Write(row.Change == DiffChange.Removed ? null : symbols.OfName(row.Name));
        json.WriteEndArray();
    }

    private void Write(HistoryEntry entry)
    {
        json.WriteStartArray();
        Write(entry.Revision);
        Write(entry.Digest);
        Write(entry.Sizes);
        WriteAll(entry.Namespaces.OrderBy(pair => pair.Key, StringComparer.Ordinal), pair =>
        {
            json.WriteStartArray();
            Write(pair.Key);
            json.WriteNumberValue(pair.Value);
            json.WriteEndArray();
        });
        json.WriteEndArray();
    }

    private void Write(AuditRuleResult rule)
    {
        json.WriteStartArray();
        json.WriteNumberValue(rule.Number);
        Write(rule.Title);
        Write(rule.Summary);
        WriteAll(rule.Evidence, evidence =>
        {
            json.WriteStartArray();
            Write(evidence.Function);
            Write(evidence.Detail);
            Write(symbols.OfName(evidence.Function));
            json.WriteEndArray();
        });
        WriteAll(rule.Violations, violation =>
        {
            json.WriteStartArray();
            Write(violation.Function);
            Write(violation.What);
            Write(symbols.OfAddress(violation.Rva) ?? symbols.OfName(violation.Function));
            json.WriteNumberValue(violation.Rva);
            json.WriteEndArray();
        });
        json.WriteEndArray();
    }

    private void Write(Symbol symbol) => WriteReference(symbol.Name);

    /// <summary>A symbol's number; its name when it is no symbol of the report; null for none.</summary>
    private void WriteReference(string? symbol)
    {
        if (symbol is not null && symbols.OfSymbol(symbol) is null)
        {
            Write(symbol);
        }
        else
        {
            Write(symbols.OfSymbol(symbol));
        }
    }

    private void Write(string text) => json.WriteStringValue(VisibleText.Of(text));

    private void Write(int? number)
    {
        if (number is { } value)
        {
            json.WriteNumberValue(value);
        }
        else
        {
            json.WriteNullValue();
        }
    }

    private void Write(Sizes sizes)
    {
        json.WriteStartArray();
        json.WriteNumberValue(sizes.Flash);
        json.WriteNumberValue(sizes.File);
        json.WriteNumberValue(sizes.Loaded);
        json.WriteNumberValue(sizes.RunTime);
        json.WriteEndArray();
    }

    private void WriteAll<T>(string name, IEnumerable<T> items, Action<T> write)
    {
        json.WritePropertyName(name);
        WriteAll(items, write);
    }

    private void WriteAll<T>(IEnumerable<T> items, Action<T> write)
    {
        json.WriteStartArray();
        foreach (T item in items)
        {
            write(item);
        }

        json.WriteEndArray();
    }
}
