using System.Collections.Generic;
using System.Linq;
using Ember.Sdk.MachineCode;
using Ember.Sdk.Symbols;
using Iced.Intel;

namespace Ember.Sdk.Footprint.Attribution;

/// <summary>Which functions' code refers to what.</summary>
internal sealed class CodeUsers
{
    private readonly Dictionary<Symbol, SortedDictionary<uint, Symbol>> _users = [];

    /// <summary>Looks through the code of a core.</summary>
    public CodeUsers(CodeMap code, CoreSymbols symbols)
    {
        foreach (CodeFunction function in code.Functions)
        {
            foreach (Instruction instruction in function.Instructions.Where(instruction => instruction.IsIPRelativeMemoryOperand))
            {
                if (symbols.At((uint)instruction.IPRelativeMemoryAddress) is { } used)
                {
                    Add(used, function.Symbol);
                }
            }
        }
    }

    /// <summary>The functions that refer to <paramref name="symbol"/>, by address.</summary>
    public IReadOnlyCollection<Symbol> Of(Symbol symbol) =>
        _users.TryGetValue(symbol, out SortedDictionary<uint, Symbol>? users) ? users.Values : [];

    private void Add(Symbol used, Symbol user)
    {
        if (!_users.TryGetValue(used, out SortedDictionary<uint, Symbol>? users))
        {
            _users.Add(used, users = []);
        }

        users.TryAdd(user.Rva, user);
    }
}
