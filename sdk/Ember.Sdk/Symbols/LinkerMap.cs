using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;

namespace Ember.Sdk.Symbols;

/// <summary>lld-link's <c>/lldmap</c> file: where every piece of every object file went, and every name.</summary>
public sealed class LinkerMap
{
    private const string Heading = "Address  Size     Align Out     In      Symbol";
    private const int AddressEnd = 8;
    private const int SizeStart = 9;
    private const int SizeEnd = 17;
    private const int OutputColumn = 24;
    private const int InputColumn = 32;
    private const int SymbolColumn = 40;

    private LinkerMap(IReadOnlyList<LinkerChunk> chunks, IReadOnlyList<LinkerName> names)
    {
        Chunks = chunks;
        Names = names;
    }

    /// <summary>The pieces that lie in the image, in the map's order, which is by address; empty ones left out.</summary>
    public IReadOnlyList<LinkerChunk> Chunks { get; }

    /// <summary>The names, each once, in the map's order; several may share an address.</summary>
    public IReadOnlyList<LinkerName> Names { get; }

    /// <summary>Reads the map in the file <paramref name="path"/>.</summary>
    /// <exception cref="EmberException">It is none (exit code 2); the message names the line.</exception>
    public static LinkerMap Read(string path) => Parse(path, File.ReadAllText(path));

    /// <summary>Reads a map; messages name it <paramref name="path"/>.</summary>
    /// <exception cref="EmberException">It is none (exit code 2); the message names the line.</exception>
    public static LinkerMap Parse(string path, string text)
    {
        string[] lines = text.Split('\n');
        if (lines[0].TrimEnd() != Heading)
        {
            throw Bad(path, 1, "no map of lld-link's /lldmap: the heading is missing");
        }

        List<LinkerChunk> chunks = [];
        HashSet<LinkerName> names = [];
        for (int i = 1; i < lines.Length; i++)
        {
            string line = lines[i].TrimEnd('\r');
            if (line.Length == 0)
            {
                continue;
            }

            uint rva = Hex(path, i + 1, Columns(line, 0, AddressEnd));
            uint size = Hex(path, i + 1, Columns(line, SizeStart, SizeEnd));
            if (Columns(line, OutputColumn, InputColumn).Length != 0)
            {
                // A section of the image: the pieces that follow say the same.
                continue;
            }

            string piece = Columns(line, InputColumn, SymbolColumn);
            string name = Columns(line, SymbolColumn, line.Length);
            if (piece.Length != 0)
            {
                chunks.Add(Chunk(path, i + 1, rva, size, line[InputColumn..]));
            }
            else if (name.Length != 0)
            {
                names.Add(new LinkerName(rva, name));
            }
            else
            {
                throw Bad(path, i + 1, "cut off");
            }
        }

        return new LinkerMap([.. chunks.Where(chunk => chunk.Length != 0)], [.. names]);
    }

    private static string Columns(string line, int start, int end) =>
        start >= line.Length ? "" : line[start..Math.Min(end, line.Length)].Trim();

    /// <summary>Object file and section, <c>core.obj:(.rdata)</c>.</summary>
    private static LinkerChunk Chunk(string path, int number, uint rva, uint size, string text)
    {
        int colon = text.LastIndexOf(":(", StringComparison.Ordinal);
        return colon > 0 && text.EndsWith(')')
            ? new LinkerChunk(rva, size, text[..colon], text[(colon + 2)..^1])
            : throw Bad(path, number, $"'{text}' is no piece of an object file");
    }

    private static uint Hex(string path, int number, string text) =>
        uint.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint value)
            ? value
            : throw Bad(path, number, $"'{text}' is no hexadecimal number");

    private static EmberException Bad(string path, int number, string what) => new(ErrorKind.Input, $"{path}:{number}: {what}");
}
