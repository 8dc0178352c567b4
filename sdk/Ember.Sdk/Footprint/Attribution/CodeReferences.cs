using System.Collections.Generic;
using System.Linq;
using Ember.Sdk.Pe;
using Ember.Sdk.Symbols;
using Iced.Intel;

namespace Ember.Sdk.Footprint.Attribution;

/// <summary>The machine code of every function, and which functions refer to what.</summary>
public sealed class CodeReferences
{
    private readonly Dictionary<Symbol, IReadOnlyList<Instruction>> _code = [];
    private readonly Dictionary<Symbol, HashSet<Symbol>> _users = [];

    private CodeReferences()
    {
    }

    /// <summary>The instructions of each function; their addresses are RVAs.</summary>
    public IReadOnlyDictionary<Symbol, IReadOnlyList<Instruction>> Code => _code;

    /// <summary>Decodes the code of a core.</summary>
    public static CodeReferences Of(PeImage image, CoreSymbols symbols)
    {
        CodeReferences references = new();
        foreach (Symbol function in symbols.All.Where(symbol => symbol.IsCode))
        {
            references.Decode(image, symbols, function);
        }

        return references;
    }

    /// <summary>The functions that refer to <paramref name="symbol"/>, by address.</summary>
    public IReadOnlyList<Symbol> UsersOf(Symbol symbol) =>
        _users.TryGetValue(symbol, out HashSet<Symbol>? users) ? [.. users.OrderBy(user => user.Rva)] : [];

    private void Decode(PeImage image, CoreSymbols symbols, Symbol function)
    {
        byte[] bytes = image.At(function.Rva, function.Length).ToArray();
        Decoder decoder = Decoder.Create(64, bytes, function.Rva);
        List<Instruction> code = [];
        while (decoder.IP < function.End)
        {
            Instruction instruction = decoder.Decode();
            code.Add(instruction);
            if (Target(in instruction) is { } target && symbols.At(target) is { } used)
            {
                if (!_users.TryGetValue(used, out HashSet<Symbol>? users))
                {
                    _users.Add(used, users = []);
                }

                users.Add(function);
            }
        }

        _code.Add(function, code);
    }

    /// <summary>The address in the image that an instruction spells out, or null.</summary>
    private static uint? Target(in Instruction instruction) =>
        instruction.IsIPRelativeMemoryOperand ? (uint)instruction.IPRelativeMemoryAddress
        : instruction.NearBranchTarget != 0 ? (uint)instruction.NearBranchTarget
        : null;
}
