using System.Collections.Generic;
using System.Linq;
using Ember.Sdk.MachineCode;
using Ember.Sdk.Pe;
using Ember.Sdk.Symbols;

namespace Ember.Sdk.Footprint.Retention;

/// <summary>
/// Why everything is in a core, and what would go with it: shortest ways and dominators from the entry point and the compiler's own
/// reasons on.
/// </summary>
public sealed class RetentionGraph
{
    private readonly CoreSymbols _symbols;
    private readonly ReferenceGraph _references;

    private RetentionGraph(ReferenceGraph references, CoreSymbols symbols)
    {
        _symbols = symbols;
        _references = references;
        Dictionary<int, int> reached = references.Flow.ShortestWays();
        Unexplained = [.. symbols.All.Where(symbol => !reached.ContainsKey(references.NodeOf(symbol)))];
    }

    /// <summary>The symbols in the image that nothing leads to, by address: nobody can say why they are there.</summary>
    public IReadOnlyList<Symbol> Unexplained { get; }

    /// <summary>Reads the graph of a core.</summary>
    /// <param name="files">What the build left beside it.</param>
    /// <param name="symbols">Its named pieces.</param>
    /// <param name="image">The core.</param>
    /// <param name="code">Its code.</param>
    /// <exception cref="EmberException">The compiler's dependency graph is not there, or none (exit code 2).</exception>
    public static RetentionGraph Read(SymbolFiles files, CoreSymbols symbols, PeImage image, CodeMap code) =>
        new(new ReferenceGraph(DependencyGraph.Read(files.Dependencies), symbols, image, code), symbols);

    /// <summary>
    /// A report on every symbol, the largest in the file first. An unwind description or jump table that one function alone has
    /// counts with that function and has no report of its own.
    /// </summary>
    /// <param name="pieces">What the symbols take; pieces without a symbol are left out.</param>
    public IReadOnlyList<SymbolReport> Report(IReadOnlyList<Piece> pieces)
    {
        Sizes[] own = SizesOf(pieces);
        RetainedSizes retained = new(_references.Flow, own);
        return
        [
            .. _symbols.All
                .Where(symbol => _references.OwnerOf(symbol) == _references.NodeOf(symbol))
                .Select(symbol => (Symbol: symbol, Node: _references.NodeOf(symbol)))
                .Select(row => new SymbolReport(
                    row.Symbol,
                    own[row.Node],
                    retained.Of(row.Node),
                    NearestSymbol(retained, row.Node),
                    [.. retained.WayTo(row.Node).Select(node => _references.Labels[node])]))
                .OrderByDescending(report => report.Sizes.File)
                .ThenByDescending(report => report.Sizes.Loaded)
                .ThenBy(report => report.Symbol.Rva),
        ];
    }

    /// <summary>
    /// Why a member or a type is there, and what goes when it goes. Overloads of one name, or all of a type, count as one.
    /// </summary>
    /// <param name="name">
    /// A symbol's name, or a full name or its end: <c>LineBuffer.Append(Byte)</c>, <c>LineBuffer.Append</c>, <c>LineBuffer</c>.
    /// </param>
    /// <param name="pieces">What the symbols take.</param>
    /// <exception cref="EmberException">Nothing has that name, or several things have it (exit code 2).</exception>
    public RetentionAnswer Ask(string name, IReadOnlyList<Piece> pieces)
    {
        SymbolMatch match = SymbolSearch.Find(name, _symbols.All);
        int[] nodes = [.. match.Symbols.Select(_references.OwnerOf).Distinct()];
        Sizes[] sizes = SizesOf(pieces);
        IReadOnlyList<int> way = ShortestWay(new RetainedSizes(_references.Flow, sizes), nodes);
        Sizes own = nodes.Select(node => sizes[node]).Aggregate(default(Sizes), Sizes.Add);
        foreach (int node in nodes)
        {
            sizes[node] = node == nodes[0] ? own : default;
        }

        RetainedSizes retained = new(_references.Flow.Merge(nodes), sizes);
        return new RetentionAnswer(
            match.Name,
            match.Symbols,
            own,
            retained.Of(nodes[0]),
            [.. way.Select(node => _references.Labels[node])],
            Below(nodes[0], retained, sizes));
    }

    private static IReadOnlyList<int> ShortestWay(RetainedSizes retained, int[] nodes) =>
        nodes.Select(retained.WayTo).Where(way => way.Count != 0).MinBy(way => way.Count) ?? [];

    private string? NearestSymbol(RetainedSizes retained, int node)
    {
        do
        {
            node = retained.DominatorOf(node);
        }
        while (node != FlowGraph.None && _references.SymbolOf(node) is null);

        return node == FlowGraph.None ? null : _references.Labels[node];
    }

    /// <summary>What a node dominates. Without recursion: how deep a graph is, its file says.</summary>
    private IReadOnlyList<RetentionNode> Below(int top, RetainedSizes retained, Sizes[] own)
    {
        ILookup<int, int> dominated = Enumerable.Range(0, _references.Labels.Count).ToLookup(retained.DominatorOf);
        List<int> order = [top];
        for (int i = 0; i < order.Count; i++)
        {
            order.AddRange(dominated[order[i]]);
        }

        Dictionary<int, IReadOnlyList<RetentionNode>> below = [];
        for (int i = order.Count - 1; i >= 0; i--)
        {
            below[order[i]] =
            [
                .. dominated[order[i]]
                    .SelectMany(node => Rows(node, below[node]))
                    .OrderByDescending(row => row.Retained.File)
                    .ThenByDescending(row => row.Retained.Loaded)
                    .ThenBy(row => row.Symbol.Rva),
            ];
        }

        return below[top];

        IReadOnlyList<RetentionNode> Rows(int node, IReadOnlyList<RetentionNode> children) =>
            _references.SymbolOf(node) is not { } symbol ? children
            : _references.OwnerOf(symbol) != node ? []
            : [new RetentionNode(symbol, own[node], retained.Of(node), children)];
    }

    /// <summary>What the nodes take.</summary>
    private Sizes[] SizesOf(IReadOnlyList<Piece> pieces)
    {
        Sizes[] sizes = new Sizes[_references.Labels.Count];
        foreach (Piece piece in pieces)
        {
            if (piece.Symbol is { } symbol)
            {
                sizes[_references.OwnerOf(symbol)] += piece.Sizes;
            }
        }

        return sizes;
    }
}
