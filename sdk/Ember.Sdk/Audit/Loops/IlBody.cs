using System;
using System.Collections.Frozen;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;

namespace Ember.Sdk.Audit.Loops;

/// <summary>A method's IL, instruction by instruction, and its loops.</summary>
internal sealed class IlBody
{
    private const int TwoByteCodes = 0xFE;

    private static readonly FrozenDictionary<int, OperandType> _operands = typeof(OpCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToFrozenDictionary(code => (int)(ushort)code.Value, code => code.OperandType);

    private readonly Dictionary<int, IlInstruction> _at;

    private IlBody(IReadOnlyList<IlInstruction> instructions)
    {
        Instructions = instructions;
        _at = instructions.ToDictionary(instruction => instruction.Offset);
        if (instructions.SelectMany(instruction => instruction.Targets).Any(target => !_at.ContainsKey(target)))
        {
            throw new BadImageFormatException("a jump into the middle of an instruction");
        }

        Loops = [.. instructions.SelectMany(i => i.Targets.Where(target => target <= i.Offset)).Distinct().Order()];
    }

    /// <summary>Of a method that is somewhere else.</summary>
    public static IlBody Empty { get; } = new([]);

    /// <summary>The instructions in order.</summary>
    public IReadOnlyList<IlInstruction> Instructions { get; }

    /// <summary>Where loops begin: the targets of jumps back. Without one no instruction can run twice in a call.</summary>
    public IReadOnlyList<int> Loops { get; }

    /// <summary>Reads a method's IL.</summary>
    /// <exception cref="BadImageFormatException">It is none.</exception>
    public static IlBody Read(BlobReader code)
    {
        List<IlInstruction> instructions = [];
        while (code.RemainingBytes != 0)
        {
            instructions.Add(ReadInstruction(ref code));
        }

        return new IlBody(instructions);
    }

    /// <summary>
    /// Whether a round of the loop that begins at <paramref name="loop"/> can do without every instruction at
    /// <paramref name="needed"/>.
    /// </summary>
    public bool HasRoundWithout(int loop, IReadOnlySet<int> needed)
    {
        HashSet<int> seen = [];
        Stack<int> open = new([loop]);
        while (open.TryPop(out int offset))
        {
            if (!seen.Add(offset) || !_at.TryGetValue(offset, out IlInstruction? instruction) || needed.Contains(offset))
            {
                continue;
            }

            int[] next = [.. instruction.Targets, .. instruction.FallsThrough ? [instruction.End] : ImmutableArray<int>.Empty];
            if (next.Contains(loop))
            {
                return true;
            }

            Array.ForEach(next, open.Push);
        }

        return false;
    }

    private static IlInstruction ReadInstruction(ref BlobReader code)
    {
        int offset = code.Offset;
        int value = code.ReadByte();
        value = value == TwoByteCodes ? (value << 8) | code.ReadByte() : value;
        if (!_operands.TryGetValue(value, out OperandType operand))
        {
            throw new BadImageFormatException($"no instruction has the code 0x{value:X}");
        }

        int token = 0;
        int[] distances = [];
        switch (operand)
        {
            case OperandType.InlineNone:
                break;
            case OperandType.ShortInlineBrTarget:
                distances = [code.ReadSByte()];
                break;
            case OperandType.InlineBrTarget:
                distances = [code.ReadInt32()];
                break;
            case OperandType.InlineSwitch:
                distances = ReadSwitch(ref code);
                break;
            case OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType
                or OperandType.InlineSig or OperandType.InlineString:
                token = code.ReadInt32();
                break;
            case OperandType.ShortInlineI or OperandType.ShortInlineVar:
                code.ReadByte();
                break;
            case OperandType.InlineVar:
                code.ReadUInt16();
                break;
            case OperandType.InlineI or OperandType.ShortInlineR:
                code.ReadInt32();
                break;
            default:
                code.ReadInt64();
                break;
        }

        int end = code.Offset;
        return new IlInstruction(offset, end, (ILOpCode)value, token, [.. distances.Select(distance => end + distance)]);
    }

    private static int[] ReadSwitch(ref BlobReader code)
    {
        uint count = code.ReadUInt32();
        if (count > code.RemainingBytes / sizeof(int))
        {
            throw new BadImageFormatException("a switch longer than its method");
        }

        int[] distances = new int[count];
        for (int i = 0; i < distances.Length; i++)
        {
            distances[i] = code.ReadInt32();
        }

        return distances;
    }
}
