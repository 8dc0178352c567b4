using System.Globalization;
using System.IO;

namespace Ember.Sdk.Footprint.Reports;

/// <summary>Machine code for a person at a terminal, with the lines of source between.</summary>
public static class ListingText
{
    /// <summary>Writes the listing of a function.</summary>
    public static void Write(TextWriter output, SymbolReport symbol, MethodListing listing)
    {
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{symbol.Symbol.Source.FullName}: {symbol.Symbol.Length:N0} bytes of code, {symbol.Sizes.File:N0} with its tables"));
        foreach (ListingLine line in listing.Lines)
        {
            if (line.Source is { } source)
            {
                output.WriteLine($"; {source}");
            }

            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{line.Rva,8:X} {line.Length,3}  {line.Text}"));
        }
    }
}
