using System;
using System.Collections.Generic;
using System.Linq;
using Ember.Sdk.Pe;
using Ember.Sdk.Symbols;
using Iced.Intel;

namespace Ember.Sdk.MachineCode;

/// <summary>Follows control through one function after the other and keeps count of the bytes reached.</summary>
internal sealed class CodeReader
{
    private const byte BreakpointByte = 0xCC;
    private const byte NopByte = 0x90;

    private readonly ExecutableBytes[] _sections;
    private readonly IReadOnlyList<Symbol> _symbols;
    private readonly HashSet<uint> _starts;
    private readonly ConstantMemory _constants;

    public CodeReader(PeImage image, IReadOnlyList<Symbol> symbols)
    {
        _sections = [.. image.Sections.Where(section => section.IsExecutable).Select(section => new ExecutableBytes(image, section))];
        _symbols = symbols;
        _starts = [.. symbols.Where(symbol => symbol.IsCode).Select(symbol => symbol.Rva)];
        _constants = new ConstantMemory(image, symbols);
    }

    public List<CodeFlaw> Flaws { get; } = [];

    /// <summary>Reads a function; null when it does not lie in executable bytes.</summary>
    public CodeFunction? Read(Symbol symbol, CodeTable table)
    {
        ExecutableBytes? section = _sections.FirstOrDefault(section => section.Contains(symbol.Rva));
        if (section is null || symbol.Length == 0 || symbol.Length > section.End - symbol.Rva)
        {
            return null;
        }

        FunctionFlow flow = new(section, symbol, _starts, _constants, Flaws);
        uint[] entries = [.. Enumerable.Range(0, table.Count).Select(i => (uint)(symbol.Rva + ((long)i * table.Stride)))];
        foreach (uint entry in entries)
        {
            flow.Follow(entry);
        }

        return flow.Finish(entries);
    }

    /// <summary>
    /// Sweeps every executable section from end to end: what is no reached instruction has to be padding.
    /// </summary>
    /// <returns>Bytes of padding.</returns>
    public uint FindHiddenBytes()
    {
        uint padding = 0;
        foreach (ExecutableBytes section in _sections)
        {
            if (section.Section.VirtualSize > section.Section.FileSize)
            {
                Flaws.Add(new CodeFlaw(
                    CodeFlawKind.Flow, section.End, $"executable bytes of {section.Section.Name} that the file does not hold"));
            }

            padding += Sweep(section);
            SweepBehindTheEnd(section);
        }

        return padding;
    }

    private uint Sweep(ExecutableBytes section)
    {
        uint padding = 0;
        uint hidden = 0;
        SymbolCursor symbols = new(_symbols);
        for (uint rva = section.Section.Rva; rva < section.End;)
        {
            Instruction instruction = section.Decode(rva);
            uint length = section.IsStart(rva) ? (uint)instruction.Length : PaddingAt(section, in instruction, symbols.At(rva));
            bool isHidden = length == 0;
            if (isHidden && hidden == 0)
            {
                hidden = rva;
            }
            else if (!isHidden && hidden != 0)
            {
                AddHidden(section, hidden, rva);
                hidden = 0;
            }

            padding += isHidden || section.IsStart(rva) ? 0 : length;
            rva += Math.Max(length, 1);
        }

        if (hidden != 0)
        {
            AddHidden(section, hidden, section.End);
        }

        return padding;
    }

    /// <summary>Bytes of padding: ilc fills with NOP and aligns loops with longer ones, lld and the stubs fill with INT3.</summary>
    private static uint PaddingAt(ExecutableBytes section, in Instruction instruction, Symbol? symbol)
    {
        uint rva = (uint)instruction.IP;
        byte first = section.Bytes[(int)(rva - section.Section.Rva)];
        if (first is BreakpointByte or NopByte)
        {
            return 1;
        }

        return symbol is { IsCode: true } && instruction.Mnemonic == Mnemonic.Nop && instruction.NextIP <= symbol.End
            && section.IsFree(in instruction)
            ? (uint)instruction.Length
            : 0;
    }

    /// <summary>What the file holds of the last page is loaded with it.</summary>
    private void SweepBehindTheEnd(ExecutableBytes section)
    {
        int used = (int)(section.End - section.Section.Rva);
        int at = section.Bytes[used..].IndexOfAnyExcept(BreakpointByte, (byte)0);
        if (at >= 0)
        {
            Flaws.Add(new CodeFlaw(CodeFlawKind.Flow, section.End + (uint)at, "bytes behind the end of the section that are no padding"));
        }
    }

    private void AddHidden(ExecutableBytes section, uint from, uint to) => Flaws.Add(new CodeFlaw(
        CodeFlawKind.Flow,
        from,
        $"{to - from} executable bytes that nothing reaches: "
        + Convert.ToHexStringLower(section.Bytes.Slice((int)(from - section.Section.Rva), (int)Math.Min(to - from, 8)))));
}
