using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Ember.Sdk.Audit.Loops;
using Ember.Sdk.MachineCode;
using Ember.Sdk.Symbols;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Ember.Sdk.Tests.Audit.Loops;

/// <summary>Loops of machine code: the compiler's own against all others.</summary>
public sealed class MachineLoopTests
{
    private const uint Start = 0x1000;

    [Fact]
    public void The_loop_with_which_a_prologue_clears_its_frame_is_the_compilers()
    {
        FunctionLoops loops = Read(ClearingLoop);
        Assert.Empty(loops.Headers);
        Assert.Equal([new CompilerLoop(Start + 10, 2)], loops.Blocks);
    }

    [Theory]
    [InlineData("start is no multiple of what a round clears")]
    [InlineData("counter counts from above")]
    [InlineData("counter is another")]
    [InlineData("step is another")]
    [InlineData("stores leave a gap")]
    [InlineData("stores are of another register")]
    [InlineData("base is no frame")]
    [InlineData("jump is another")]
    [InlineData("something else leads to it")]
    public void A_loop_that_differs_in_anything_is_none(string difference)
    {
        FunctionLoops loops = Read(assembler => ClearingLoop(assembler, difference));
        Assert.Single(loops.Headers);
        Assert.Empty(loops.Blocks);
    }

    [Fact]
    public void A_repeated_instruction_has_the_count_before_it_and_no_other()
    {
        FunctionLoops loops = Read(assembler =>
        {
            assembler.mov(ecx, 25);
            assembler.rep.movsq();
            assembler.mov(ecx, eax);
            assembler.rep.stosd();
            assembler.mov(edx, 25);
            assembler.repne.scasb();
        });
        Assert.Equal([25, null, null], loops.Blocks.Select(block => block.Rounds));
        Assert.Empty(loops.Headers);
    }

    [Fact]
    public void Jumps_back_to_one_place_are_one_loop()
    {
        FunctionLoops loops = Read(assembler =>
        {
            Label top = assembler.CreateLabel();
            assembler.Label(ref top);
            assembler.dec(eax);
            assembler.jne(top);
            assembler.dec(edx);
            assembler.jne(top);
        });
        Assert.Equal([Start], loops.Headers);
    }

    private static void ClearingLoop(Assembler assembler) => ClearingLoop(assembler, "");

    /// <summary>Two rounds of 48 bytes, as RyuJIT makes them; or with a difference.</summary>
    private static void ClearingLoop(Assembler assembler, string difference)
    {
        Label top = assembler.CreateLabel();
        AssemblerRegister64 counter = difference == "counter is another" ? rdx : rax;
        AssemblerRegister64 frame = difference == "base is no frame" ? rdi : rsp;
        if (difference == "something else leads to it")
        {
            assembler.test(ecx, ecx);
            assembler.je(top);
        }

        assembler.mov(rax, difference switch
        {
            "start is no multiple of what a round clears" => -100L,
            "counter counts from above" => 96L,
            _ => -96L,
        });
        assembler.Label(ref top);
        assembler.movaps(__[frame + counter + 160], xmm4);
        assembler.movaps(__[frame + counter + 176], difference == "stores are of another register" ? xmm5 : xmm4);
        assembler.movaps(__[frame + counter + (difference == "stores leave a gap" ? 208 : 192)], xmm4);
        assembler.add(rax, difference == "step is another" ? 32 : 48);
        if (difference == "jump is another")
        {
            assembler.jl(top);
        }
        else
        {
            assembler.jne(top);
        }
    }

    private static FunctionLoops Read(Action<Assembler> write)
    {
        Assembler assembler = new(64);
        write(assembler);
        assembler.ret();
        using MemoryStream code = new();
        assembler.Assemble(new StreamCodeWriter(code), Start);
        Decoder decoder = Decoder.Create(64, code.ToArray(), Start);
        List<Instruction> instructions = [];
        while (decoder.IP < Start + (ulong)code.Length)
        {
            instructions.Add(decoder.Decode());
        }

        SourceMember source = new("Ember.Core", "", "", "Small");
        Symbol symbol = new(Start, (uint)code.Length, SymbolKind.Method, "Small", [], source);
        return MachineLoops.Of(new CodeFunction(symbol, [.. instructions], Blocks(instructions))
        {
            Entries = [Start],
            Calls = [],
            JumpTables = [],
            UnresolvedBranches = [],
        });
    }

    /// <summary>Blocks begin where jumps lead, and behind them.</summary>
    private static CodeBlock[] Blocks(List<Instruction> instructions)
    {
        int[] starts =
        [
            .. instructions.Where(i => i.FlowControl == FlowControl.ConditionalBranch)
                .SelectMany(i => new[] { i.NearBranchTarget, i.NextIP })
                .Append(Start)
                .Distinct()
                .Select(rva => instructions.FindIndex(i => i.IP == rva))
                .Order(),
        ];
        return [.. starts.Select((start, index) =>
        {
            int end = index + 1 < starts.Length ? starts[index + 1] : instructions.Count;
            Instruction last = instructions[end - 1];
            int target = Array.IndexOf(starts, instructions.FindIndex(i => i.IP == last.NearBranchTarget));
            int[] successors =
            [
                .. last.FlowControl == FlowControl.ConditionalBranch ? new[] { target } : [],
                .. last.FlowControl != FlowControl.Return ? new[] { index + 1 } : [],
            ];
            return new CodeBlock((uint)instructions[start].IP, start, end - start, [.. successors.Distinct().Order()]);
        })];
    }
}
