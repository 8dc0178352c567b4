using System.Collections.Generic;
using Ember.Sdk.Symbols;
using Iced.Intel;

namespace Ember.Sdk.MachineCode;

/// <summary>A function's machine code, as far as control reaches it.</summary>
public sealed class CodeFunction
{
    private readonly uint[] _addresses;

    internal CodeFunction(Symbol symbol, Instruction[] instructions, CodeBlock[] blocks)
    {
        Symbol = symbol;
        Instructions = instructions;
        Blocks = blocks;
        _addresses = new uint[instructions.Length];
        for (int i = 0; i < instructions.Length; i++)
        {
            _addresses[i] = (uint)instructions[i].IP;
        }

        BackEdges = FlowOrder.BackEdges(this);
    }

    /// <summary>The piece of the image it is.</summary>
    public Symbol Symbol { get; }

    /// <summary>Its name for people.</summary>
    public string Name => Symbol.Source.FullName;

    /// <summary>Its instructions by address; their <see cref="Instruction.IP"/> and the addresses in them are RVAs.</summary>
    public IReadOnlyList<Instruction> Instructions { get; }

    /// <summary>Its blocks by address.</summary>
    public IReadOnlyList<CodeBlock> Blocks { get; }

    /// <summary>Its jumps back, by address.</summary>
    public IReadOnlyList<BackEdge> BackEdges { get; }

    /// <summary>RVAs at which it is entered from outside: its start, and those of its <see cref="CodeTable"/>.</summary>
    public required IReadOnlyList<uint> Entries { get; init; }

    /// <summary>The functions it enters, by address.</summary>
    public required IReadOnlyList<CodeCall> Calls { get; init; }

    /// <summary>Its switches, by address.</summary>
    public required IReadOnlyList<JumpTable> JumpTables { get; init; }

    /// <summary>RVAs of calls and jumps through a register or memory that are neither of these, by address.</summary>
    public required IReadOnlyList<uint> UnresolvedBranches { get; init; }

    /// <summary>The index in <see cref="Instructions"/> of the one that starts at <paramref name="rva"/>; negative if none does.</summary>
    public int IndexOf(uint rva) => System.Array.BinarySearch(_addresses, rva);

    /// <summary>
    /// The blocks of the loop that <paramref name="edge"/> closes, as indices, ascending: those on a way from <see cref="BackEdge.To"/>
    /// to <see cref="BackEdge.From"/>. When one of them other than the first is entered from outside, the loop has no single head.
    /// </summary>
    public IReadOnlyList<int> Loop(BackEdge edge) => FlowOrder.Loop(this, edge);

    /// <summary>The index of the block that the instruction at <paramref name="rva"/> lies in; negative if none does.</summary>
    public int BlockOf(uint rva)
    {
        int low = 0;
        int high = Blocks.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = Blocks[middle].Rva <= rva ? (middle + 1, high) : (low, middle);
        }

        return IndexOf(rva) < 0 ? -1 : low - 1;
    }
}
