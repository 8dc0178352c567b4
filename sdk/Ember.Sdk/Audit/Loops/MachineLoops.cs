using System.Collections.Generic;
using System.Linq;
using Ember.Sdk.MachineCode;
using Iced.Intel;

namespace Ember.Sdk.Audit.Loops;

/// <summary>Tells the loops of a function's source from those that the compiler adds, which are always of these two forms.</summary>
public static class MachineLoops
{
    private const int StoresPerRound = 3;
    private const int StoreBytes = 16;
    private const int RoundBytes = StoresPerRound * StoreBytes;

    /// <summary>Sorts the loops of <paramref name="function"/>.</summary>
    public static FunctionLoops Of(CodeFunction function)
    {
        List<CompilerLoop> blocks = [];
        for (int i = 0; i < function.Instructions.Count; i++)
        {
            if (function.Instructions[i].HasRepPrefix || function.Instructions[i].HasRepnePrefix)
            {
                blocks.Add(new CompilerLoop((uint)function.Instructions[i].IP, i == 0 ? null : RepeatCount(function.Instructions[i - 1])));
            }
        }

        List<uint> headers = [];
        foreach (uint header in function.BackEdges.Select(edge => edge.To).Distinct().Order())
        {
            if (ClearingRounds(function, function.BlockOf(header)) is { } rounds)
            {
                blocks.Add(new CompilerLoop(header, rounds));
            }
            else
            {
                headers.Add(header);
            }
        }

        return new FunctionLoops(
            function.Symbol, headers, [.. blocks.OrderBy(block => block.Rva)], [.. function.Calls.Select(call => call.Target)]);
    }

    /// <summary><c>mov ecx, count; rep movsq</c>.</summary>
    private static uint? RepeatCount(in Instruction before) =>
        before.Code == Code.Mov_r32_imm32 && before.Op0Register == Register.ECX ? before.Immediate32 : null;

    /// <summary>
    /// How a prologue clears much of its frame: <c>mov rax, -bytes; top: movaps [frame+rax], xmm</c>, twice more 16 bytes on,
    /// <c>add rax, 48; jne top</c>; nothing but the instruction before leads to it.
    /// </summary>
    /// <returns>The rounds; null when the block is no such loop.</returns>
    private static uint? ClearingRounds(CodeFunction function, int block)
    {
        CodeBlock loop = function.Blocks[block];
        CodeBlock[] before = [.. function.Blocks.Where(other => other != loop && other.Successors.Contains(block))];
        if (loop.Count != StoresPerRound + 2 || loop.First == 0 || function.Entries.Contains(loop.Rva)
            || before is not [var only] || only.First + only.Count != loop.First)
        {
            return null;
        }

        Instruction start = function.Instructions[loop.First - 1];
        Instruction first = function.Instructions[loop.First];
        Instruction step = function.Instructions[loop.First + StoresPerRound];
        Instruction jump = function.Instructions[loop.First + StoresPerRound + 1];
        bool clears = Enumerable.Range(0, StoresPerRound)
            .All(i => IsStore(first, function.Instructions[loop.First + i], start.Op0Register, i * StoreBytes));
        bool counts = start.Code is Code.Mov_r64_imm64 or Code.Mov_rm64_imm32 && start.Op0Kind == OpKind.Register
            && step.Code is Code.Add_rm64_imm8 or Code.Add_RAX_imm32 && step.Op0Register == start.Op0Register
            && step.GetImmediate(1) == RoundBytes
            && jump.Code is Code.Jne_rel8_64 or Code.Jne_rel32_64 && jump.NearBranchTarget == first.IP;
        long bytes = counts ? -(long)start.GetImmediate(1) : 0;
        return clears && bytes > 0 && bytes % RoundBytes == 0 ? (uint)(bytes / RoundBytes) : null;
    }

    private static bool IsStore(in Instruction first, in Instruction store, Register counter, int distance) =>
        store.Code == Code.Movaps_xmmm128_xmm
        && store.MemoryBase is Register.RSP or Register.RBP && store.MemoryBase == first.MemoryBase
        && store.MemoryIndex == counter && store.MemoryIndexScale == 1 && store.Op1Register == first.Op1Register
        && (long)store.MemoryDisplacement64 == (long)first.MemoryDisplacement64 + distance;
}
