using System;
using System.Collections.Generic;
using System.Linq;
using Ember.Sdk.MachineCode;
using Ember.Sdk.Pe;
using Ember.Sdk.Symbols;

namespace Ember.Sdk.Footprint.Retention;

/// <summary>What refers to what in a core: the compiler tells it for C#, the linked image for stubs and unwind descriptions.</summary>
internal sealed class ReferenceGraph
{
    private const string ExternPrefix = "ExternSymbol ";
    private const string IndirectedSuffix = " (indirected)";

    private readonly CoreSymbols _symbols;
    private readonly List<string> _labels = [];
    private readonly List<Symbol?> _symbolOf = [];
    private readonly Dictionary<string, int> _byName = [];
    private readonly Dictionary<uint, int> _byRva = [];
    private readonly int[] _owners;

    public ReferenceGraph(DependencyGraph dependencies, CoreSymbols symbols, PeImage image, CodeMap code)
    {
        _symbols = symbols;
        foreach (Symbol symbol in symbols.All)
        {
            int node = NodeOf(symbol.Name);
            _symbolOf[node] = symbol;
            _byRva[symbol.Rva] = node;
            foreach (string alias in symbol.Aliases)
            {
                _byName.TryAdd(alias, node);
            }
        }

        int[] compiled = [.. dependencies.Labels.Select(SymbolName).Select(NodeOf)];
        (int From, int To)[] linked = [.. LinkedReferences(image, code)];
        (int From, int To)[] edges = [.. dependencies.Edges.Select(edge => (compiled[edge.From], compiled[edge.To])), .. linked];
        _owners = FindOwners(edges);
        Flow = new FlowGraph(_labels.Count);
        AddAll(edges, Reasons(dependencies, compiled), image);
    }

    /// <summary>The references; roots are the entry point and the compiler's own reasons.</summary>
    public FlowGraph Flow { get; }

    /// <summary>What each node is called: a symbol of the image, or what only the compiler knows.</summary>
    public IReadOnlyList<string> Labels => _labels;

    /// <summary>The symbol of a node, or null.</summary>
    public Symbol? SymbolOf(int node) => _symbolOf[node];

    /// <summary>The node of a symbol of the image, or of the function that alone has this unwind description or jump table.</summary>
    public int OwnerOf(Symbol symbol) => _owners[_byRva[symbol.Rva]];

    /// <summary>The node of a symbol of the image.</summary>
    public int NodeOf(Symbol symbol) => _byRva[symbol.Rva];

    private int NodeOf(string name)
    {
        if (!_byName.TryGetValue(name, out int node))
        {
            node = _labels.Count;
            _labels.Add(name);
            _symbolOf.Add(null);
            _byName.Add(name, node);
        }

        return node;
    }

    private IEnumerable<(int From, int To)> LinkedReferences(PeImage image, CodeMap code)
    {
        foreach (Symbol stub in _symbols.All.Where(symbol => symbol.Source.Assembly == CoreSymbols.StubsAssembly))
        {
            foreach (Symbol target in MachineReferences.Of(image, code, stub).Select(_symbols.At).OfType<Symbol>())
            {
                yield return (NodeOf(stub), NodeOf(target));
            }
        }

        foreach (RuntimeFunction row in image.RuntimeFunctions)
        {
            if (_symbols.At(row.Begin) is { } function && _symbols.At(row.UnwindInfo) is { } description)
            {
                yield return (NodeOf(function), NodeOf(description));
            }
        }
    }

    /// <summary>What the compiler compiles for no other thing's sake.</summary>
    private static HashSet<int> Reasons(DependencyGraph dependencies, int[] compiled) =>
        [.. compiled.Except(dependencies.Edges.Select(edge => compiled[edge.To]))];

    /// <summary>
    /// The compiler has to take every export for wanted, since it cannot see what machine code calls. One that a stub calls is there
    /// for that stub, so the compiler's reason counts only if nothing else leads to it.
    /// </summary>
    private void AddAll((int From, int To)[] edges, HashSet<int> reasons, PeImage image)
    {
        HashSet<int> calledByStubs =
            [.. edges.Where(edge => SymbolOf(edge.From)?.Source.Assembly == CoreSymbols.StubsAssembly).Select(edge => edge.To)];
        List<(int From, int To)> doubtful = [];
        foreach ((int from, int to) in edges)
        {
            if (reasons.Contains(from) && calledByStubs.Contains(to))
            {
                doubtful.Add((from, to));
            }
            else
            {
                Flow.AddEdge(from, to);
            }
        }

        if (_symbols.At(image.EntryPoint) is { } entry)
        {
            Flow.AddRoot(NodeOf(entry));
        }

        foreach (int reason in reasons.Order())
        {
            Flow.AddRoot(reason);
        }

        Dictionary<int, int> reached = Flow.ShortestWays();
        foreach ((int from, int to) in doubtful)
        {
            if (!reached.ContainsKey(to))
            {
                Flow.AddEdge(from, to);
                reached = Flow.ShortestWays();
            }
        }
    }

    private int[] FindOwners((int From, int To)[] edges)
    {
        int[] owners = [.. Enumerable.Range(0, _labels.Count)];
        foreach (IGrouping<int, int> group in edges.Distinct().GroupBy(edge => edge.To, edge => edge.From))
        {
            int[] users = [.. group];
            if (SymbolOf(group.Key) is { Kind: SymbolKind.UnwindInfo or SymbolKind.MethodData }
                && users.Length == 1
                && SymbolOf(users[0]) is { IsCode: true })
            {
                owners[group.Key] = users[0];
            }
        }

        return owners;
    }

    /// <summary>What the compiler did not make itself, it calls <c>ExternSymbol X (indirected)</c>.</summary>
    private static string SymbolName(string label)
    {
        if (!label.StartsWith(ExternPrefix, StringComparison.Ordinal))
        {
            return label;
        }

        string name = label[ExternPrefix.Length..];
        return name.EndsWith(IndirectedSuffix, StringComparison.Ordinal) ? name[..^IndirectedSuffix.Length] : name;
    }
}
