using System.Collections.Generic;
using System.Linq;
using Ember.Sdk.Symbols;
using Iced.Intel;

namespace Ember.Sdk.Audit.Loops;

/// <summary>Tells the loops of a function's source from those that the compiler adds, which are always of these two forms.</summary>
public static class MachineLoops
{
    private const int StoresPerRound = 3;
    private const int StoreBytes = 16;
    private const int RoundBytes = StoresPerRound * StoreBytes;

    /// <summary>Sorts the loops of a function.</summary>
    /// <param name="function">The function.</param>
    /// <param name="instructions">Its instructions by address; addresses count from the image's base.</param>
    /// <param name="headers">The addresses that jumps go back to.</param>
    /// <param name="calls">The functions that it calls or ends in, one for each place where it does.</param>
    public static FunctionLoops Of(
        Symbol function, IReadOnlyList<Instruction> instructions, IEnumerable<uint> headers, IReadOnlyList<uint> calls)
    {
        List<CompilerLoop> blocks = [];
        for (int i = 0; i < instructions.Count; i++)
        {
            if (instructions[i].HasRepPrefix || instructions[i].HasRepnePrefix)
            {
                blocks.Add(new CompilerLoop((uint)instructions[i].IP, i == 0 ? null : RepeatCount(instructions[i - 1])));
            }
        }

        HashSet<uint> left = [.. headers];
        if (ClearingLoop(instructions) is { } clearing && left.Remove(clearing.Rva))
        {
            blocks.Add(clearing);
        }

        return new FunctionLoops(function, [.. left.Order()], [.. blocks.OrderBy(block => block.Rva)], calls);
    }

    /// <summary><c>mov ecx, count; rep movsq</c>.</summary>
    private static uint? RepeatCount(in Instruction before) => before.Code == Code.Mov_r32_imm32 && before.Op0Register == Register.ECX
        ? before.Immediate32
        : null;

    /// <summary>
    /// How a prologue clears much of its frame: <c>mov rax, -bytes; top: movaps [frame+rax], xmm</c>, twice more 16 bytes on,
    /// <c>add rax, 48; jne top</c>. Nothing before it jumps and nothing else jumps to it, so that it always begins at its beginning.
    /// </summary>
    private static CompilerLoop? ClearingLoop(IReadOnlyList<Instruction> instructions)
    {
        int jump = Enumerable.Range(0, instructions.Count)
            .FirstOrDefault(i => instructions[i].FlowControl is not (FlowControl.Next or FlowControl.Call), -1);
        int top = jump - StoresPerRound - 1;
        if (top < 1 || instructions[jump].Code is not (Code.Jne_rel8_64 or Code.Jne_rel32_64)
            || instructions[jump].NearBranchTarget != instructions[top].IP)
        {
            return null;
        }

        Instruction start = instructions[top - 1];
        Instruction step = instructions[jump - 1];
        Register counter = start.Op0Register;
        long bytes = -(long)start.GetImmediateOrZero();
        bool clears = Enumerable.Range(0, StoresPerRound).All(i => IsStore(instructions[top], instructions[top + i], counter, i * StoreBytes));
        bool counts = start.Code is Code.Mov_r64_imm64 or Code.Mov_rm64_imm32
            && step.Code is Code.Add_rm64_imm8 && step.Op0Register == counter && step.GetImmediate(1) == RoundBytes;
        bool alone = instructions.Count(i => i.NearBranchTarget >= instructions[0].IP && i.NearBranchTarget <= instructions[jump].IP) == 1;
        return clears && counts && alone && bytes > 0 && bytes % RoundBytes == 0
            ? new CompilerLoop((uint)instructions[top].IP, (uint)(bytes / RoundBytes))
            : null;
    }

    private static bool IsStore(in Instruction first, in Instruction store, Register counter, int distance) =>
        store.Code == Code.Movaps_xmmm128_xmm
        && store.MemoryBase is Register.RSP or Register.RBP
        && store.MemoryBase == first.MemoryBase && store.MemoryIndex == counter && store.MemoryIndexScale == 1
        && store.Op1Register == first.Op1Register
        && (long)store.MemoryDisplacement64 == (long)first.MemoryDisplacement64 + distance;

    private static ulong GetImmediateOrZero(this in Instruction instruction) =>
        instruction.Code is Code.Mov_r64_imm64 or Code.Mov_rm64_imm32 ? instruction.GetImmediate(1) : 0;
}
