using System.Collections.Generic;
using Ember.Sdk.Symbols;
using Iced.Intel;

namespace Ember.Sdk.MachineCode;

/// <summary>
/// How RyuJIT jumps by a table, always these eight instructions: <c>cmp i, largest; ja default; mov r, i; lea t, [table];
/// mov t, [t + r*4]; lea b, [base]; add t, b; jmp t</c>.
/// </summary>
internal static class JumpTablePattern
{
    /// <summary>How many instructions it has.</summary>
    public const int Length = 8;

    /// <summary>Far more cases than a C# switch of the core has; what a damaged image can make this read.</summary>
    private const uint MostTargets = 4096;

    /// <summary>Reads the table of the jump that ends <paramref name="line"/>, or null when it is none.</summary>
    /// <param name="line">The instructions up to the jump.</param>
    /// <param name="constants">Where the table has to lie.</param>
    /// <param name="function">The function.</param>
    /// <param name="flaw">What keeps the table from being all that the jump may use; null when nothing does.</param>
    public static JumpTable? Match(Instruction[] line, ConstantMemory constants, Symbol function, out string? flaw)
    {
        flaw = null;
        if (line.Length < 5 || line[^5..] is not [var table, var load, var origin, var add, var jump]
            || !IsLoadAddress(in table) || !IsLoadAddress(in origin)
            || load.Code != Code.Mov_r32_rm32 || load.MemoryIndexScale != 4 || load.MemoryDisplacement64 != 0
            || load.SegmentPrefix != Register.None || load.MemoryBase != table.Op0Register
            || load.Op0Register.GetFullRegister() != table.Op0Register
            || (add.Code != Code.Add_r64_rm64 && add.Code != Code.Add_rm64_r64)
            || add.Op0Register != table.Op0Register || add.Op1Register != origin.Op0Register
            || origin.Op0Register == table.Op0Register || jump.Op0Register != table.Op0Register)
        {
            return null;
        }

        ulong at = table.IPRelativeMemoryAddress;
        Symbol? data = at <= uint.MaxValue ? constants.MethodDataAt((uint)at) : null;
        uint? bound = Bound(line, in load);
        uint room = data is null ? 0 : (data.End - (uint)at) / sizeof(uint);
        flaw = bound is null ? "a jump by a table without the comparison that bounds its index"
            : data is null ? $"its table at {at:x} lies in no method's constants"
            : bound >= room ? $"its index may be {bound}, but {data.Name} holds only {room} entries there"
            : bound >= MostTargets ? $"its table has more than {MostTargets} entries"
            : null;
        uint count = flaw is null && bound is { } largest ? largest + 1 : room;
        List<uint> targets = Targets(constants, function, (uint)at, count, (uint)origin.IPRelativeMemoryAddress, flaw is null);
        if (flaw is null && targets.Count != count)
        {
            flaw = $"its table at {at:x} lies where it may be written to";
        }

        return new JumpTable((uint)jump.IP, (uint)(bound is null ? table.IP : line[^8].IP), (uint)at, targets);
    }

    /// <summary>The largest index that gets past the comparison, or null when nothing compares the register that is used.</summary>
    private static uint? Bound(Instruction[] line, in Instruction load)
    {
        bool compared = line is [var compare, var above, var widen, ..] && line.Length == Length
            && compare.Mnemonic == Mnemonic.Cmp && compare.Op0Register.IsGPR32() && above.Mnemonic == Mnemonic.Ja
            && widen.Code is Code.Mov_r32_rm32 or Code.Mov_rm32_r32
            && widen.Op0Register.GetFullRegister() == load.MemoryIndex && widen.Op1Register == compare.Op0Register
            && load.MemoryIndex != load.MemoryBase;
        return compared && line[0].Op1Kind is OpKind.Immediate8to32 or OpKind.Immediate32 ? (uint)line[0].GetImmediate(1) : null;
    }

    /// <summary>What is not bounded is read only as far as it leads into the function.</summary>
    private static List<uint> Targets(ConstantMemory constants, Symbol function, uint table, uint count, uint origin, bool bounded)
    {
        List<uint> targets = [];
        for (uint i = 0; i < count && i < MostTargets && constants.TryReadUInt32(table + (i * sizeof(uint)), out uint offset); i++)
        {
            uint target = origin + offset;
            if (!bounded && (target < function.Rva || target >= function.End))
            {
                break;
            }

            targets.Add(target);
        }

        return targets;
    }

    private static bool IsLoadAddress(in Instruction instruction) =>
        instruction.Code == Code.Lea_r64_m && instruction.MemoryBase == Register.RIP;
}
