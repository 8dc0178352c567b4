using System;
using System.Collections.Generic;
using System.Linq;
using Ember.Sdk.MachineCode;
using Iced.Intel;

namespace Ember.Sdk.Audit;

/// <summary>Follows RSP through a function, on every way through it.</summary>
/// <param name="function">The function.</param>
/// <param name="entryDepth">The depth it is entered with, by entry: 0, or more for a part of an interrupt's entry.</param>
/// <param name="endsInterrupt">It ends with IRETQ, not RET.</param>
/// <param name="switchesStack">It may load RSP with the top of another stack.</param>
internal sealed class StackTracker(CodeFunction function, Func<uint, int> entryDepth, bool endsInterrupt, bool switchesStack)
{
    private const int Unknown = -1;

    /// <summary>More than this no function of a core has, and sums of it do not overflow.</summary>
    private const int Deepest = 1 << 24;

    private const int Slot = 8;

    private readonly InstructionInfoFactory _facts = new();
    private readonly List<(uint Rva, string What)> _flaws = [];
    private readonly Stack<int> _todo = [];
    private int[] _atBlock = [];
    private int _unknownStores;

    /// <summary>Follows it.</summary>
    public StackFrame Track()
    {
        int[] depths = new int[function.Instructions.Count];
        Array.Fill(depths, Unknown);
        _atBlock = new int[function.Blocks.Count];
        Array.Fill(_atBlock, Unknown);
        foreach (uint entry in function.Entries.Where(entry => function.BlockOf(entry) >= 0))
        {
            Arrive(function.BlockOf(entry), entryDepth(entry), entry);
        }

        while (_todo.TryPop(out int block))
        {
            FollowBlock(function.Blocks[block], _atBlock[block], depths);
        }

        int[] old = [.. depths.Where(depth => depth < StackFrame.NewStack)];
        int[] switched = [.. depths.Where(depth => depth >= StackFrame.NewStack)];
        return new StackFrame(
            depths,
            old.Length == 0 ? 0 : Math.Max(0, old.Max()),
            switched.Length == 0 ? 0 : switched.Max() - StackFrame.NewStack,
            _unknownStores,
            [.. _flaws.OrderBy(flaw => flaw.Rva)]);
    }

    private void FollowBlock(CodeBlock block, int depth, int[] depths)
    {
        for (int i = block.First; i < block.First + block.Count; i++)
        {
            Instruction instruction = function.Instructions[i];
            depths[i] = depth;
            CheckStores(in instruction, depth);
            int after = After(in instruction, depth);
            if (after is < 0 or > StackFrame.NewStack + Deepest or (> Deepest and < StackFrame.NewStack))
            {
                _flaws.Add(((uint)instruction.IP, $"{instruction.Mnemonic} takes RSP out of the function's own part of the stack"));
                return;
            }

            depth = after;
        }

        foreach (int successor in block.Successors)
        {
            Arrive(successor, depth, (uint)function.Instructions[block.First + block.Count - 1].IP);
        }
    }

    private void Arrive(int block, int depth, uint from)
    {
        if (_atBlock[block] == Unknown)
        {
            _atBlock[block] = depth;
            _todo.Push(block);
        }
        else if (_atBlock[block] != depth)
        {
            _flaws.Add((from, $"arrives at {function.Blocks[block].Rva:x} with {depth} bytes on the stack, others with {_atBlock[block]}"));
        }
    }

    private int After(in Instruction instruction, int depth)
    {
        switch (instruction.Mnemonic)
        {
            case Mnemonic.Push or Mnemonic.Pushfq:
            case Mnemonic.Pop or Mnemonic.Popfq when instruction.Op0Register.GetFullRegister() != Register.RSP
                    && instruction.MemoryBase.GetFullRegister() != Register.RSP:
                return Sum(depth, -instruction.StackPointerIncrement);
            case Mnemonic.Call:
                return depth;
            case Mnemonic.Ret:
                ExpectEnd(in instruction, depth, isRight: !endsInterrupt && instruction.Code == Code.Retnq);
                return depth;
            case Mnemonic.Iretq:
                ExpectEnd(in instruction, depth, isRight: endsInterrupt);
                return depth;
            case Mnemonic.Retf when instruction.Code == Code.Retfq:
                return depth - (2 * Slot);
            case Mnemonic.Sub when IsStackByConstant(in instruction):
                return Sum(depth, (long)instruction.GetImmediate(1));
            case Mnemonic.Add when IsStackByConstant(in instruction):
                return Sum(depth, -(long)instruction.GetImmediate(1));
            case Mnemonic.Lea when instruction.Op0Register == Register.RSP && instruction.MemoryBase == Register.RSP
                    && instruction.MemoryIndex == Register.None:
                return Sum(depth, -(long)instruction.MemoryDisplacement64);
            case Mnemonic.Mov when switchesStack && instruction.Op0Register == Register.RSP && instruction.Op1Register.IsGPR64():
                return StackFrame.NewStack;
            case Mnemonic.And when depth >= StackFrame.NewStack && IsStackByConstant(in instruction)
                    && (long)instruction.GetImmediate(1) == -16:
                return depth + 16;
            default:
                if (ChangesStackPointer(in instruction))
                {
                    _flaws.Add(((uint)instruction.IP, $"changes RSP in a way that is not followed ({instruction.Mnemonic})"));
                }

                return depth;
        }
    }

    private void ExpectEnd(in Instruction instruction, int depth, bool isRight)
    {
        if (!isRight)
        {
            _flaws.Add(((uint)instruction.IP, "ends the function in another way than it was entered"));
        }
        else if (depth != 0)
        {
            _flaws.Add(((uint)instruction.IP, $"returns with {depth} bytes left on the stack: what it returns to is no return address"));
        }
    }

    /// <summary>No store to a known place on the stack hits the return address or lies below RSP.</summary>
    private void CheckStores(in Instruction instruction, int depth)
    {
        if (instruction.IsStackInstruction)
        {
            return;
        }

        foreach (UsedMemory memory in _facts.GetInfo(in instruction).GetUsedMemory())
        {
            bool writes = memory.Access is OpAccess.Write or OpAccess.CondWrite or OpAccess.ReadWrite or OpAccess.ReadCondWrite;
            if (!writes || memory.Base != Register.RSP)
            {
                continue;
            }

            if (memory.Index != Register.None)
            {
                _unknownStores++;
                continue;
            }

            long offset = (long)memory.Displacement;
            long place = offset - depth;
            if (offset < 0)
            {
                _flaws.Add(((uint)instruction.IP, "writes below RSP, where an interrupt writes too"));
            }
            else if (depth < StackFrame.NewStack && place < Slot && place + memory.MemorySize.GetSize() > 0)
            {
                _flaws.Add(((uint)instruction.IP, "overwrites the function's return address"));
            }
        }
    }

    private bool ChangesStackPointer(in Instruction instruction)
    {
        foreach (UsedRegister used in _facts.GetInfo(in instruction).GetUsedRegisters())
        {
            if (used.Register.GetFullRegister() == Register.RSP
                && used.Access is not (OpAccess.Read or OpAccess.CondRead or OpAccess.NoMemAccess))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsStackByConstant(in Instruction instruction) =>
        instruction.Op0Kind == OpKind.Register && instruction.Op0Register == Register.RSP
        && instruction.Op1Kind is OpKind.Immediate8to64 or OpKind.Immediate32to64;

    /// <summary>RSP stays a multiple of eight.</summary>
    private static int Sum(int depth, long change) =>
        change is > -Deepest and < Deepest && change % Slot == 0 ? (int)(depth + change) : -1;
}
