using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text.Json;

namespace Ember.Sdk.Footprint.Html;

/// <summary>
/// Writes listings briefly, for they are most of a page: every instruction once, with the symbol it names as a number; addresses as
/// what they are more than the one before; lines of source as what they are more than the line before.
/// </summary>
/// <param name="json">Where to.</param>
/// <param name="symbols">The symbols that instructions name.</param>
internal sealed class ListingDocument(Utf8JsonWriter json, SymbolNumbers symbols)
{
    private readonly StringNumbers _texts = new();
    private readonly StringNumbers _files = new();

    /// <summary>Writes the properties <c>listings</c>, <c>texts</c> and <c>files</c>.</summary>
    public void Write(IReadOnlyList<MethodListing> listings)
    {
        json.WriteStartArray("listings");
        foreach (MethodListing listing in listings)
        {
            if (symbols.OfSymbol(listing.Symbol) is { } symbol && listing.Lines.Count != 0)
            {
                Write(symbol, listing.Lines);
            }
        }

        json.WriteEndArray();
        json.WriteStartArray("texts");
        foreach (string text in _texts.All)
        {
            WriteText(text);
        }

        json.WriteEndArray();
        json.WriteStartArray("files");
        foreach (string file in _files.All)
        {
            json.WriteStringValue(VisibleText.Of(file));
        }

        json.WriteEndArray();
    }

    private void Write(int symbol, IReadOnlyList<ListingLine> lines)
    {
        json.WriteStartArray();
        json.WriteNumberValue(symbol);
        json.WriteStartArray();
        uint rva = 0;
        foreach (ListingLine line in lines)
        {
            json.WriteNumberValue((long)line.Rva - rva);
            rva = line.Rva;
        }

        json.WriteEndArray();
        json.WriteNumberValue(lines[^1].Length);
        json.WriteStartArray();
        foreach (ListingLine line in lines)
        {
            json.WriteNumberValue(_texts.Of(line.Text));
        }

        json.WriteEndArray();
        WriteSources(lines);
        json.WriteEndArray();
    }

    /// <summary>For every instruction that has a source: instructions since the last that had, file, and lines since.</summary>
    private void WriteSources(IReadOnlyList<ListingLine> lines)
    {
        json.WriteStartArray();
        int last = 0;
        int lastNumber = 0;
        for (int i = 0; i < lines.Count; i++)
        {
            if (lines[i].Source is { } source)
            {
                (string file, int number) = Split(source);
                json.WriteNumberValue(i - last);
                json.WriteNumberValue(_files.Of(file));
                json.WriteNumberValue(number - lastNumber);
                (last, lastNumber) = (i, number);
            }
        }

        json.WriteEndArray();
    }

    /// <summary>A text; one that names a symbol as what is before the name, the symbol's number, the name, and what is behind.</summary>
    private void WriteText(string text)
    {
        if (symbols.In(text) is not { } name)
        {
            json.WriteStringValue(VisibleText.Of(text));
            return;
        }

        json.WriteStartArray();
        json.WriteStringValue(VisibleText.Of(text[..name.Start]));
        json.WriteNumberValue(name.Symbol);
        json.WriteStringValue(VisibleText.Of(text[name.Start..(name.Start + name.Length)]));
        json.WriteStringValue(VisibleText.Of(text[(name.Start + name.Length)..]));
        json.WriteEndArray();
    }

    private static (string File, int Line) Split(string source)
    {
        int colon = source.LastIndexOf(':');
        return colon > 0 && int.TryParse(source.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int line)
            ? (source[..colon], line)
            : (source, 0);
    }
}
