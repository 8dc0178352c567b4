using System;
using System.Collections.Generic;
using System.Linq;
using Ember.Sdk.Footprint;
using Ember.Sdk.Footprint.Attribution;
using Ember.Sdk.Symbols;

namespace Ember.Sdk.Tests.Footprint.Html;

/// <summary>Puts a report together symbol by symbol: each is kept by the one it is added under, and code calls what it keeps.</summary>
internal sealed class ReportBuilder
{
    private const uint FirstRva = 0x1000;
    private const long UnwindBytes = 16;

    private readonly List<Symbol> _symbols = [];
    private readonly Dictionary<Symbol, Symbol> _keepers = [];
    private readonly List<Piece> _pieces =
    [
        new(PieceKind.Headers, new SourceMember("file format", "", "", "headers"), new Sizes(0, 624, 624, 0), null),
        new(PieceKind.Padding, new SourceMember("file format", "", "", "padding in .text"), new Sizes(0, 37, 37, 0), null),
    ];

    private uint _next = FirstRva;

    /// <summary>The symbols so far.</summary>
    public IReadOnlyList<Symbol> Symbols => _symbols;

    /// <summary>The code of a function that does more than call what it keeps.</summary>
    public Dictionary<Symbol, MethodListing> Listings { get; } = [];

    public Symbol Add(
        SymbolKind kind, string space, string type, string member, uint length, Symbol? keeper = null, string[]? aliases = null)
    {
        string name = $"{space}_{type}__{member}".Replace('.', '_');
        SourceMember source = new(space.Length == 0 ? CoreSymbols.StubsAssembly : "Ember.Core", space, type, member);
        Symbol symbol = new(_next, length, kind, name, aliases ?? [], source);
        _next += (length + 15) & ~15u;
        _symbols.Add(symbol);
        PieceKind piece = Enum.Parse<PieceKind>(kind.ToString());
        _pieces.Add(new Piece(piece, source, new Sizes(0, kind == SymbolKind.Statics ? 0 : length, length, 0), symbol));
        if (kind == SymbolKind.Method)
        {
            _pieces.Add(new Piece(PieceKind.Unwind, source, new Sizes(0, UnwindBytes, UnwindBytes, 0), symbol));
        }

        if (keeper is not null)
        {
            _keepers.Add(symbol, keeper);
        }

        return symbol;
    }

    public FootprintReport Build(string name)
    {
        ILookup<Symbol, Piece> pieces = _pieces.Where(piece => piece.Symbol is not null).ToLookup(piece => piece.Symbol!);
        Dictionary<Symbol, Sizes> sizes = _symbols.ToDictionary(
            symbol => symbol, symbol => FootprintTree.Sum(pieces[symbol].Select(piece => piece.Sizes)));
        Dictionary<Symbol, Sizes> retained = new(sizes);

        // What keeps was added before what it keeps.
        foreach (Symbol symbol in Enumerable.Reverse(_symbols))
        {
            if (_keepers.TryGetValue(symbol, out Symbol? keeper))
            {
                retained[keeper] += retained[symbol];
            }
        }

        return new FootprintReport
        {
            Name = name,
            Digest = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
            Root = FootprintTree.Build(name, _pieces),
            Symbols = [.. _symbols
                .Select(symbol => new SymbolReport(
                    symbol, sizes[symbol], retained[symbol], _keepers.GetValueOrDefault(symbol)?.Name, Path(symbol)))
                .OrderByDescending(report => report.Sizes.File)],
            Generics = [],
            Duplicates = [],
            Listings = [.. _symbols.Where(symbol => symbol.IsCode).Select(symbol => Listings.GetValueOrDefault(symbol) ?? Calls(symbol))],
        };
    }

    private List<string> Path(Symbol symbol) =>
        _keepers.TryGetValue(symbol, out Symbol? keeper) ? [.. Path(keeper), symbol.Name] : [symbol.Name];

    private MethodListing Calls(Symbol symbol)
    {
        string file = $"src/Core/{symbol.Source.Type}.cs";
        List<ListingLine> lines = [new(symbol.Rva, 1, "push rbx", $"{file}:10")];
        foreach (Symbol kept in _symbols.Where(kept => _keepers.GetValueOrDefault(kept) == symbol))
        {
            string text = kept.IsCode ? $"call {kept.Source.FullName}" : $"lea rcx, [{kept.Source.FullName}+0x8]";
            lines.Add(new ListingLine(symbol.Rva + (uint)lines.Sum(line => line.Length), 5, text, $"{file}:{10 + lines.Count}"));
        }

        uint rva = symbol.Rva + (uint)lines.Sum(line => line.Length);
        lines.Add(new ListingLine(rva, 2, $"je short 0x{symbol.Rva:X}", null));
        lines.Add(new ListingLine(rva + 2, 1, "ret", null));
        return new MethodListing(symbol.Name, lines);
    }
}
