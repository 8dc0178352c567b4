using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Ember.Sdk.Symbols;
using Iced.Intel;

namespace Ember.Sdk.Footprint.Duplicates;

/// <summary>What a function does, apart from where it lies.</summary>
/// <param name="Symbol">The function.</param>
/// <param name="Exact">Equal for functions with the same instructions to the same targets.</param>
/// <param name="Near">Equal for functions whose instructions differ only in constants, displacements and targets outside.</param>
internal sealed record CodeShape(Symbol Symbol, string Exact, string Near)
{
    private enum OperandClass
    {
        Register,
        BranchInside,
        BranchOutside,
        Constant,
        Memory,
    }

    /// <summary>The shape of a function.</summary>
    public static CodeShape Of(Symbol symbol, IReadOnlyList<Instruction> instructions)
    {
        Dictionary<ulong, int> numbers = [];
        foreach (Instruction instruction in instructions)
        {
            numbers.Add(instruction.IP, numbers.Count);
        }

        List<ulong> exact = [];
        List<ulong> near = [];
        foreach (Instruction instruction in instructions)
        {
            exact.Add((ulong)instruction.Code);
            near.Add((ulong)instruction.Mnemonic);
            AddPrefixes(near, instruction);
            AddPrefixes(exact, instruction);
            for (int i = 0; i < instruction.OpCount; i++)
            {
                AddOperand(exact, near, instruction, i, numbers);
            }
        }

        return new CodeShape(symbol, Text(exact), Text(near));
    }

    private static void AddPrefixes(List<ulong> shape, in Instruction instruction)
    {
        shape.Add((ulong)instruction.SegmentPrefix);
        shape.Add((instruction.HasLockPrefix ? 1u : 0) | (instruction.HasRepPrefix ? 2u : 0) | (instruction.HasRepnePrefix ? 4u : 0));
    }

    private static void AddOperand(List<ulong> exact, List<ulong> near, in Instruction instruction, int i, Dictionary<ulong, int> numbers)
    {
        void AddBoth(OperandClass kind, ulong value = 0)
        {
            exact.Add((ulong)kind);
            exact.Add(value);
            near.Add((ulong)kind);
            near.Add(value);
        }

        switch (instruction.GetOpKind(i))
        {
            case OpKind.Register:
                AddBoth(OperandClass.Register, (ulong)instruction.GetOpRegister(i));
                break;
            case OpKind.NearBranch64 when numbers.TryGetValue(instruction.NearBranchTarget, out int number):
                AddBoth(OperandClass.BranchInside, (ulong)number);
                break;
            case OpKind.NearBranch64:
                AddBoth(OperandClass.BranchOutside);
                exact.Add(instruction.NearBranchTarget);
                break;
            case OpKind.Memory:
                AddBoth(OperandClass.Memory, (ulong)instruction.MemorySize);
                AddMemory(exact, near, instruction, numbers);
                break;
            case OpKind kind when kind is >= OpKind.Immediate8 and <= OpKind.Immediate32to64:
                AddBoth(OperandClass.Constant);
                exact.Add(instruction.GetImmediate(i));
                break;
            case OpKind kind:
                // The implied memory operands of string instructions.
                AddBoth(OperandClass.Memory, (ulong)kind);
                break;
        }
    }

    private static void AddMemory(List<ulong> exact, List<ulong> near, in Instruction instruction, Dictionary<ulong, int> numbers)
    {
        foreach (List<ulong> shape in (ReadOnlySpan<List<ulong>>)[exact, near])
        {
            shape.Add((ulong)instruction.MemoryBase);
            shape.Add((ulong)instruction.MemoryIndex);
            shape.Add((ulong)instruction.MemoryIndexScale);
        }

        // An address inside the function moves with it; any other is the same only if it is the same place.
        bool isInside = instruction.IsIPRelativeMemoryOperand && numbers.ContainsKey(instruction.IPRelativeMemoryAddress);
        exact.Add(isInside ? (ulong)numbers[instruction.IPRelativeMemoryAddress] : instruction.MemoryDisplacement64);
        exact.Add(isInside ? 1u : 0);
    }

    private static string Text(List<ulong> shape) => new(MemoryMarshal.Cast<ulong, char>(CollectionsMarshal.AsSpan(shape)));
}
