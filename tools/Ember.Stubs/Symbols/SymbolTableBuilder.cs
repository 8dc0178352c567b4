using System.Buffers.Binary;
using System.Text;
using Ember.Formats.Symbols;

namespace Ember.Stubs.Symbols;

/// <summary>Makes the table of function names that goes into the core (<see cref="SymbolTableFormat"/>).</summary>
public static class SymbolTableBuilder
{
    private const int LongestName = 120;

    /// <summary>Builds the table. The same map gives the same bytes.</summary>
    public static byte[] Build(LinkMap map)
    {
        List<LinkMapSymbol> functions = Functions(map);
        WordCompression compression = WordCompression.Of([.. functions.Select(f => f.Name)]);

        using var stream = new MemoryStream();
        stream.Write(new byte[SymbolTableFormat.HeaderSize]);
        foreach (string word in compression.Words)
        {
            WriteText(stream, Encoding.ASCII.GetBytes(word));
        }

        uint previous = 0;
        for (int i = 0; i < functions.Count; i++)
        {
            WriteDistance(stream, functions[i].Rva - previous);
            WriteText(stream, compression.Encoded[i]);
            previous = functions[i].Rva;
        }

        byte[] table = stream.ToArray();
        BinaryPrimitives.WriteUInt32LittleEndian(table, SymbolTableFormat.Magic);
        BinaryPrimitives.WriteInt32LittleEndian(table.AsSpan(SymbolTableFormat.LengthOffset), table.Length);
        BinaryPrimitives.WriteInt32LittleEndian(table.AsSpan(SymbolTableFormat.FunctionsOffset), functions.Count);
        BinaryPrimitives.WriteInt32LittleEndian(table.AsSpan(SymbolTableFormat.WordsOffset), compression.Words.Count);
        return table;
    }

    /// <summary>One readable name an address, C#'s before a stub's or an export's, and an empty one where code ends.</summary>
    private static List<LinkMapSymbol> Functions(LinkMap map)
    {
        IEnumerable<LinkMapSymbol> named = map.Symbols
            .GroupBy(s => s.Rva)
            .Select(g => new LinkMapSymbol(
                g.Key, Clean(MangledName.ToReadable(g.Select(s => s.Name).FirstOrDefault(MangledName.IsMethod) ?? g.First().Name))));
        IEnumerable<LinkMapSymbol> ends = map.CodeEnds.Select(end => new LinkMapSymbol(end, ""));
        return [.. named.Concat(ends).DistinctBy(f => f.Rva).OrderBy(f => f.Rva)];
    }

    private static string Clean(string name) =>
        string.Concat(name.Take(LongestName).Select(c => char.IsBetween(c, ' ', '~') ? c : '?'));

    private static void WriteText(MemoryStream stream, byte[] text)
    {
        stream.WriteByte(checked((byte)text.Length));
        stream.Write(text);
    }

    private static void WriteDistance(MemoryStream stream, uint distance)
    {
        for (; distance >= 0x80; distance >>= 7)
        {
            stream.WriteByte((byte)(distance | 0x80));
        }

        stream.WriteByte((byte)distance);
    }
}
