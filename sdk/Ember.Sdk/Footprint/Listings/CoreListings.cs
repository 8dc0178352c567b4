using System.Collections.Generic;
using System.Linq;
using Ember.Sdk.MachineCode;
using Ember.Sdk.Symbols;
using Iced.Intel;

namespace Ember.Sdk.Footprint.Listings;

/// <summary>Writes machine code for people: Intel syntax, symbols in place of addresses, and the lines of source.</summary>
public sealed class CoreListings
{
    /// <summary>What the build calls the folder of the checkout.</summary>
    private const string Checkout = "/ember/";

    private readonly CoreSymbols _symbols;
    private readonly CodeMap _code;
    private readonly SourceLines _lines;
    private readonly IntelFormatter _formatter;

    /// <summary>Takes the code of a core.</summary>
    /// <param name="symbols">Its named pieces.</param>
    /// <param name="code">Its code.</param>
    /// <param name="lines">Where in the sources it comes from.</param>
    public CoreListings(CoreSymbols symbols, CodeMap code, SourceLines lines)
    {
        _symbols = symbols;
        _code = code;
        _lines = lines;
        _formatter = new IntelFormatter(new Names(symbols))
        {
            Options =
            {
                HexPrefix = "0x",
                HexSuffix = "",
                SpaceAfterOperandSeparator = true,
                MemorySizeOptions = MemorySizeOptions.Minimal,
                RipRelativeAddresses = false,
                BranchLeadingZeros = false,
            },
        };
    }

    /// <summary>The listings of all functions, by address: what control reaches of them.</summary>
    public IReadOnlyList<MethodListing> All => [.. _code.Functions.Select(Of)];

    /// <summary>The listing of one function.</summary>
    public MethodListing Of(CodeFunction function)
    {
        IReadOnlyList<SourceLine> lines = _lines.Of(function.Symbol.Name);
        StringOutput output = new();
        List<ListingLine> listing = [];
        int next = 0;
        string? shown = null;
        foreach (Instruction instruction in function.Instructions)
        {
            uint rva = (uint)instruction.IP;
            string? source = null;
            for (; next < lines.Count && lines[next].Offset <= rva - function.Symbol.Rva; next++)
            {
                source = Text(lines[next]) ?? source;
            }

            _formatter.Format(instruction, output);
            listing.Add(new ListingLine(rva, instruction.Length, output.ToStringAndReset(), source == shown ? null : source));
            shown = source ?? shown;
        }

        return new MethodListing(function.Symbol.Name, listing);
    }

    private static string? Text(SourceLine line) => line.Line == 0 ? null
        : $"{(line.File.StartsWith(Checkout, System.StringComparison.Ordinal) ? line.File[Checkout.Length..] : line.File)}:{line.Line}";

    /// <summary>Names the functions and data that instructions refer to.</summary>
    private sealed class Names(CoreSymbols symbols) : ISymbolResolver
    {
        public bool TryGetSymbol(
            in Instruction instruction, int operand, int instructionOperand, ulong address, int addressSize, out SymbolResult symbol)
        {
            bool refersToImage = instruction.IsIPRelativeMemoryOperand || instruction.NearBranchTarget != 0;
            Symbol? target = refersToImage && address <= uint.MaxValue ? symbols.At((uint)address) : null;
            bool isLocal = target is not null && target.Rva <= instruction.IP && instruction.IP < target.End;
            symbol = target is null || isLocal ? default : new SymbolResult(target.Rva, target.Source.FullName);
            return target is not null && !isLocal;
        }
    }
}
