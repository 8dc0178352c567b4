using System;
using System.Collections.Generic;
using System.Linq;

namespace Ember.Sdk.Symbols;

/// <summary>Every named piece of a core.</summary>
public sealed class CoreSymbols
{
    /// <summary>The assembly that machine code belongs to.</summary>
    public const string StubsAssembly = "Ember.Stubs";

    /// <summary>The assembly that stands for what ilc adds of its own.</summary>
    public const string CompilerAssembly = "ilc";

    private CoreSymbols(IReadOnlyList<Symbol> all) => All = all;

    /// <summary>The pieces by address; no two overlap.</summary>
    public IReadOnlyList<Symbol> All { get; }

    /// <summary>Reads the maps of <paramref name="files"/>.</summary>
    /// <exception cref="EmberException">One of them is not what it should be (exit code 2).</exception>
    public static CoreSymbols Read(SymbolFiles files) =>
        new(new MapJoin(CompilerMap.Read(files.CompilerMap), SizeStatistics.Read(files.Statistics)).Join(LinkerMap.Read(files.LinkerMap)));

    /// <summary>The same pieces, with what <paramref name="sourceOf"/> says about where each comes from.</summary>
    public CoreSymbols WithSources(Func<Symbol, SourceMember> sourceOf) => new([.. All.Select(symbol =>
        sourceOf(symbol) is { } source && source != symbol.Source ? symbol with { Source = source } : symbol)]);

    /// <summary>The piece that <paramref name="rva"/> lies in, or null.</summary>
    public Symbol? At(uint rva)
    {
        int low = 0;
        int high = All.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = All[middle].End <= rva ? (middle + 1, high) : (low, middle);
        }

        return low < All.Count && All[low].Rva <= rva ? All[low] : null;
    }
}
