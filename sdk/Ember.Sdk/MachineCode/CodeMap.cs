using System.Collections.Generic;
using System.Linq;
using Ember.Sdk.Pe;
using Ember.Sdk.Symbols;

namespace Ember.Sdk.MachineCode;

/// <summary>All code of an image: every function's instructions, found by following control from the function's start.</summary>
/// <remarks>
/// What keeps the code from being followed is not an exception but a <see cref="CodeFlaw"/>: when there is none, every executable byte
/// is part of exactly one instruction that is reached, or padding. Work and memory are proportional to the image's size.
/// </remarks>
public sealed class CodeMap
{
    private readonly Dictionary<uint, CodeFunction> _byStart;
    private readonly Dictionary<string, CodeFunction> _byName = [];

    private CodeMap(IReadOnlyList<CodeFunction> functions, IReadOnlyList<CodeFlaw> flaws, uint paddingBytes)
    {
        Functions = functions;
        Flaws = flaws;
        PaddingBytes = paddingBytes;
        _byStart = functions.ToDictionary(function => function.Symbol.Rva);
        foreach ((string name, CodeFunction function) in functions
            .SelectMany(function => function.Symbol.Aliases.Prepend(function.Symbol.Name).Select(name => (name, function)))
            .Concat(functions.Select(function => (function.Name, function))))
        {
            _byName.TryAdd(name, function);
        }
    }

    /// <summary>The functions by address.</summary>
    public IReadOnlyList<CodeFunction> Functions { get; }

    /// <summary>What keeps the code from being followed, by address.</summary>
    public IReadOnlyList<CodeFlaw> Flaws { get; }

    /// <summary>Bytes of executable sections that are padding: INT3 and NOP, which nothing reaches.</summary>
    public uint PaddingBytes { get; }

    /// <summary>Follows the code of an image.</summary>
    /// <param name="image">The image.</param>
    /// <param name="symbols">What lies in it, by address.</param>
    /// <param name="tables">The functions that are entered at several places.</param>
    public static CodeMap Read(PeImage image, IReadOnlyList<Symbol> symbols, IReadOnlyList<CodeTable> tables)
    {
        CodeReader reader = new(image, symbols);
        List<CodeFunction> functions = [];
        foreach (Symbol symbol in symbols.Where(symbol => symbol.IsCode).DistinctBy(symbol => symbol.Rva))
        {
            CodeTable table = tables.FirstOrDefault(table => table.Function == symbol.Name) ?? new CodeTable(symbol.Name, 1, 0);
            if (reader.Read(symbol, table) is { } function)
            {
                functions.Add(function);
            }
        }

        uint padding = reader.FindHiddenBytes();
        return new CodeMap(functions, [.. reader.Flaws.OrderBy(flaw => flaw.Rva)], padding);
    }

    /// <summary>The function that starts at <paramref name="rva"/>, or null.</summary>
    public CodeFunction? StartingAt(uint rva) => _byStart.GetValueOrDefault(rva);

    /// <summary>The function called <paramref name="name"/>, by its symbol, an alias of it, or its name for people; or null.</summary>
    public CodeFunction? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>The function that <paramref name="rva"/> lies in, or null.</summary>
    public CodeFunction? At(uint rva)
    {
        int low = 0;
        int high = Functions.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = Functions[middle].Symbol.End <= rva ? (middle + 1, high) : (low, middle);
        }

        return low < Functions.Count && Functions[low].Symbol.Rva <= rva ? Functions[low] : null;
    }

    /// <summary>What <paramref name="roots"/> may run, themselves included: everything called, and called from there, by address.</summary>
    public IReadOnlyList<CodeFunction> ReachableFrom(params IEnumerable<CodeFunction> roots)
    {
        HashSet<CodeFunction> seen = [.. roots];
        Stack<CodeFunction> todo = new(seen);
        while (todo.TryPop(out CodeFunction? function))
        {
            foreach (CodeCall call in function.Calls)
            {
                if (StartingAt(call.Target) is { } callee && seen.Add(callee))
                {
                    todo.Push(callee);
                }
            }
        }

        return [.. seen.OrderBy(function => function.Symbol.Rva)];
    }
}
