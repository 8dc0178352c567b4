using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using Ember.Sdk.Pe;
using Ember.Sdk.Symbols;

namespace Ember.Sdk.Footprint.Attribution;

/// <summary>
/// Finds out whose a literal is. The compiler calls it by the hash of its bytes, so that equal ones are one; it belongs to the type, or
/// else the namespace or assembly, that all functions using it have in common, and is called by what it says.
/// </summary>
internal static class LiteralSource
{
    private const int LongestPreview = 40;
    private const int BytesShown = 8;

    /// <summary>Where <paramref name="symbol"/> comes from: if it is a literal of C#, as far as its users agree.</summary>
    public static SourceMember Of(Symbol symbol, IReadOnlyCollection<Symbol> users, PeImage image)
    {
        if (symbol.Kind != SymbolKind.Literal || symbol.Source.Assembly == CoreSymbols.StubsAssembly)
        {
            return symbol.Source;
        }

        string name = Preview(image.At(symbol.Rva, symbol.Length));
        SourceMember[] sources = [.. users.Select(user => user.Source).Distinct()];
        bool OneOf(Func<SourceMember, string> part) => sources.Select(part).Distinct(StringComparer.Ordinal).Count() == 1;

        return sources.Length == 0 || !OneOf(source => source.Assembly) ? new SourceMember(symbol.Source.Assembly, "", "", name)
            : !OneOf(source => source.Namespace) ? new SourceMember(sources[0].Assembly, "", "", name)
            : !OneOf(source => source.Type) ? new SourceMember(sources[0].Assembly, sources[0].Namespace, "", name)
            : new SourceMember(sources[0].Assembly, sources[0].Namespace, sources[0].Type, name);
    }

    private static string Preview(ReadOnlySpan<byte> bytes)
    {
        // Behind the bytes of a UTF-8 literal the compiler puts a zero.
        ReadOnlySpan<byte> characters = bytes is [.., 0] ? bytes[..^1] : bytes;
        if (!characters.IsEmpty && !characters.ContainsAnyExceptInRange((byte)' ', (byte)'~'))
        {
            string text = Encoding.ASCII.GetString(characters);
            return text.Length <= LongestPreview ? $"\"{text}\"" : $"\"{text[..LongestPreview]}…\"";
        }

        string start = Convert.ToHexStringLower(bytes[..Math.Min(bytes.Length, BytesShown)]);
        return string.Create(CultureInfo.InvariantCulture, $"{bytes.Length} bytes {start}{(bytes.Length > BytesShown ? "…" : "")}");
    }
}
