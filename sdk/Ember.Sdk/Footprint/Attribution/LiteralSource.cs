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

    /// <summary>Where <paramref name="literal"/> comes from, as far as its users agree.</summary>
    public static SourceMember Of(Symbol literal, IReadOnlyList<Symbol> users, PeImage image)
    {
        string name = Preview(image.At(literal.Rva, literal.Length));
        SourceMember[] sources = [.. users.Select(user => user.Source).Distinct()];
        bool OneOf(Func<SourceMember, string> part) => sources.Select(part).Distinct(StringComparer.Ordinal).Count() == 1;

        return sources.Length == 0 || !OneOf(source => source.Assembly) ? new SourceMember(literal.Source.Assembly, "", "", name)
            : !OneOf(source => source.Namespace) ? new SourceMember(sources[0].Assembly, "", "", name)
            : !OneOf(source => source.Type) ? new SourceMember(sources[0].Assembly, sources[0].Namespace, "", name)
            : new SourceMember(sources[0].Assembly, sources[0].Namespace, sources[0].Type, name);
    }

    private static string Preview(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.IsEmpty && !bytes.ContainsAnyExceptInRange((byte)' ', (byte)'~'))
        {
            string text = Encoding.ASCII.GetString(bytes);
            return text.Length <= LongestPreview ? $"\"{text}\"" : $"\"{text[..LongestPreview]}…\"";
        }

        string start = Convert.ToHexStringLower(bytes[..Math.Min(bytes.Length, BytesShown)]);
        return string.Create(CultureInfo.InvariantCulture, $"{bytes.Length} bytes {start}{(bytes.Length > BytesShown ? "…" : "")}");
    }
}
