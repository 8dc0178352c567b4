using System.Collections.Generic;
using Ember.Sdk.Symbols;

namespace Ember.Sdk.MachineCode;

/// <summary>Finds the symbols at addresses that only grow.</summary>
/// <param name="symbols">The symbols by address.</param>
internal sealed class SymbolCursor(IReadOnlyList<Symbol> symbols)
{
    private int _next;

    public Symbol? At(uint rva)
    {
        while (_next < symbols.Count && symbols[_next].End <= rva)
        {
            _next++;
        }

        return _next < symbols.Count && symbols[_next].Rva <= rva ? symbols[_next] : null;
    }
}
