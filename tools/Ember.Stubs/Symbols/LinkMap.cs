using System.Globalization;

namespace Ember.Stubs.Symbols;

/// <summary>What lld-link's /map file says about an image's code: the names at every address, and where code ends.</summary>
public sealed class LinkMap
{
    private const string BaseLine = "Preferred load address is ";
    private const string SectionHeading = "Start";
    private const string SymbolHeading = "Address";

    private LinkMap(IReadOnlyList<LinkMapSymbol> symbols, IReadOnlyList<uint> codeEnds)
    {
        Symbols = symbols;
        CodeEnds = codeEnds;
    }

    /// <summary>Every symbol in a code section, by address; several may share one, in the map's order.</summary>
    public IReadOnlyList<LinkMapSymbol> Symbols { get; }

    /// <summary>The address behind the last byte of every code section that has symbols, ascending.</summary>
    public IReadOnlyList<uint> CodeEnds { get; }

    /// <summary>Reads a map.</summary>
    /// <exception cref="FormatException">It is none; the message names the line.</exception>
    public static LinkMap Parse(string text)
    {
        ulong? imageBase = null;
        var ends = new Dictionary<uint, uint>();
        var origins = new Dictionary<uint, uint>();
        var symbols = new List<LinkMapSymbol>();
        bool inSections = false;
        bool inSymbols = false;

        int number = 0;
        foreach (string line in text.Split('\n'))
        {
            number++;
            string trimmed = line.Trim();
            string[] fields = trimmed.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (trimmed.StartsWith(BaseLine, StringComparison.Ordinal))
            {
                imageBase = Hex(trimmed[BaseLine.Length..], number);
            }
            else if (fields is [SectionHeading, "Length", ..])
            {
                inSections = true;
            }
            else if (fields is [SymbolHeading, "Publics", ..])
            {
                inSections = false;
                inSymbols = true;
            }
            else if (fields.Length >= 4 && fields[0].Contains(':', StringComparison.Ordinal))
            {
                (uint section, uint offset) = Location(fields[0], number);
                if (inSections && fields[^1] == "CODE")
                {
                    ends[section] = Math.Max(ends.GetValueOrDefault(section), offset + (uint)Hex(fields[1].TrimEnd('H'), number));
                }
                else if (inSymbols && ends.ContainsKey(section))
                {
                    ulong address = Hex(fields[^2], number) - (imageBase ?? throw Bad(number, "a symbol before the load address"));
                    if (address > int.MaxValue || address < offset)
                    {
                        throw Bad(number, "an address outside the image");
                    }

                    origins[section] = (uint)address - offset;
                    symbols.Add(new LinkMapSymbol((uint)address, fields[1]));
                }
            }
        }

        if (!inSymbols)
        {
            throw new FormatException("link map: no list of symbols; it is not a /map file of lld-link, or was cut off");
        }

        return new LinkMap(
            [.. symbols.OrderBy(s => s.Rva)],
            [.. origins.Select(o => o.Value + ends[o.Key]).Order()]);
    }

    private static (uint Section, uint Offset) Location(string text, int line)
    {
        string[] parts = text.Split(':');
        return parts.Length == 2
            ? ((uint)Hex(parts[0], line), (uint)Hex(parts[1], line))
            : throw Bad(line, $"'{text}' is no address");
    }

    private static ulong Hex(string text, int line) =>
        ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong value)
            ? value
            : throw Bad(line, $"'{text}' is no hexadecimal number");

    private static FormatException Bad(int line, string what) => new($"link map line {line}: {what}");
}
