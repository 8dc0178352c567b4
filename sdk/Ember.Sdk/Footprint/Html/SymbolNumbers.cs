using System;
using System.Collections.Generic;
using System.Linq;

namespace Ember.Sdk.Footprint.Html;

/// <summary>Finds a report's symbols by everything that they are called. The page calls them by number, in the report's order.</summary>
internal sealed class SymbolNumbers
{
    /// <summary>What may stand before and behind a name in an instruction.</summary>
    private const string Separators = " [](),:+-*";

    private readonly Dictionary<string, int> _symbols = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _people = new(StringComparer.Ordinal);
    private readonly SortedList<uint, int> _addresses = [];
    private readonly IReadOnlyList<SymbolReport> _reports;

    public SymbolNumbers(IReadOnlyList<SymbolReport> reports)
    {
        _reports = reports;
        foreach ((int number, SymbolReport report) in reports.Index())
        {
            _symbols.TryAdd(report.Symbol.Name, number);
            _addresses.TryAdd(report.Symbol.Rva, number);
        }

        foreach ((int number, SymbolReport report) in reports.Index())
        {
            foreach (string alias in report.Symbol.Aliases)
            {
                _symbols.TryAdd(alias, number);
            }
        }

        // A method's tables and unwind descriptions are called like the method: the method goes before.
        foreach ((int number, SymbolReport report) in reports.Index().OrderBy(row => row.Item.Symbol.Kind))
        {
            _people.TryAdd(report.Symbol.Source.FullName, number);
        }

        foreach ((int number, SymbolReport report) in reports.Index().OrderBy(row => row.Item.Symbol.Kind))
        {
            _people.TryAdd(report.Symbol.Source.ShortName, number);
        }
    }

    /// <summary>The number of the symbol that compiler and linker call <paramref name="name"/>; null when there is none.</summary>
    public int? OfSymbol(string? name) => name is not null && _symbols.TryGetValue(name, out int number) ? number : null;

    /// <summary>
    /// The number of the symbol that people, or else the compiler, call <paramref name="name"/>; null when there is none.
    /// </summary>
    public int? OfName(string name) => _people.TryGetValue(name, out int number) ? number : OfSymbol(name);

    /// <summary>The number of the symbol that <paramref name="rva"/> lies in; null when it lies in none.</summary>
    public int? OfAddress(uint rva)
    {
        int low = 0;
        int high = _addresses.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = _addresses.Keys[middle] <= rva ? (middle + 1, high) : (low, middle);
        }

        return low > 0 && rva < _reports[_addresses.Values[low - 1]].Symbol.End ? _addresses.Values[low - 1] : null;
    }

    /// <summary>The longest name of a symbol that stands in the operands of an instruction.</summary>
    public (int Start, int Length, int Symbol)? In(string instruction)
    {
        Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> names = _people.GetAlternateLookup<ReadOnlySpan<char>>();
        (int Start, int Length, int Symbol)? found = null;
        for (int start = instruction.IndexOf(' ', StringComparison.Ordinal) + 1; start > 0 && start < instruction.Length; start++)
        {
            if (!Separators.Contains(instruction[start - 1], StringComparison.Ordinal))
            {
                continue;
            }

            for (int end = instruction.Length; end > start && end - start > (found?.Length ?? 0); end--)
            {
                bool isEnd = end == instruction.Length || Separators.Contains(instruction[end], StringComparison.Ordinal);
                if (isEnd && names.TryGetValue(instruction.AsSpan(start, end - start), out int symbol))
                {
                    found = (start, end - start, symbol);
                }
            }
        }

        return found;
    }
}
