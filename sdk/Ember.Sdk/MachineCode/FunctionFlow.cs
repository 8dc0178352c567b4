using System.Collections.Generic;
using System.Linq;
using Ember.Sdk.Symbols;
using Iced.Intel;

namespace Ember.Sdk.MachineCode;

/// <summary>Follows control through one function.</summary>
internal sealed class FunctionFlow(
    ExecutableBytes section, Symbol symbol, IReadOnlySet<uint> starts, ConstantMemory constants, List<CodeFlaw> flaws)
{
    private const uint Outside = uint.MaxValue;

    private readonly Dictionary<uint, Instruction> _reached = [];
    private readonly List<(uint From, uint To)> _edges = [];
    private readonly List<StraightLine> _lines = [];
    private readonly List<CodeCall> _calls = [];
    private readonly List<JumpTable> _tables = [];
    private readonly List<uint> _unresolved = [];
    private readonly Stack<(uint From, uint To)> _todo = [];

    /// <summary>Reads everything that is reached from an entry.</summary>
    public void Follow(uint entry)
    {
        _edges.Add((Outside, entry));
        _todo.Push((entry, entry));
        Queue<JumpTable> tables = [];
        while (_todo.Count != 0 || tables.Count != 0)
        {
            if (_todo.TryPop(out (uint From, uint To) next))
            {
                FollowLine(next.From, next.To, tables);
            }
            else
            {
                FollowTable(tables.Dequeue());
            }
        }
    }

    public CodeFunction Finish(uint[] entries)
    {
        Instruction[] instructions = [.. _reached.Values.OrderBy(instruction => instruction.IP)];
        CheckLines();
        return new CodeFunction(symbol, instructions, Blocks(instructions))
        {
            Entries = entries,
            Calls = [.. _calls.OrderBy(call => call.Rva)],
            JumpTables = [.. _tables.OrderBy(table => table.Jump)],
            UnresolvedBranches = [.. _unresolved.Order()],
        };
    }

    private bool IsOwn(uint rva) => rva >= symbol.Rva && rva < symbol.End;

    /// <summary>Reads instructions one behind the other until control leaves the line.</summary>
    private void FollowLine(uint from, uint rva, Queue<JumpTable> tables)
    {
        while (Accepts(from, rva))
        {
            Instruction instruction = section.Decode(rva);
            if (instruction.IsInvalid || instruction.NextIP > symbol.End)
            {
                AddFlaw(rva, instruction.IsInvalid ? "no instruction" : "an instruction that reaches over the function's end");
                return;
            }

            if (!section.TryMark(in instruction))
            {
                AddFlaw(rva, $"overlaps an instruction that is reached too; comes from {from:x}");
                return;
            }

            _reached.Add(rva, instruction);
            if (!Continues(in instruction, tables))
            {
                return;
            }

            from = rva;
            rva = (uint)instruction.NextIP;
        }
    }

    /// <summary>Whether there is a new instruction to read where control arrives.</summary>
    private bool Accepts(uint from, uint rva)
    {
        if (!IsOwn(rva))
        {
            AddFlaw(from, $"runs on behind the function's end, to {rva:x}");
            return false;
        }

        if (section.IsInside(rva))
        {
            AddFlaw(from, $"lands inside an instruction, at {rva:x}");
            return false;
        }

        return !section.IsStart(rva);
    }

    /// <summary>Notes where an instruction leads; false if not to the next one.</summary>
    private bool Continues(in Instruction instruction, Queue<JumpTable> tables)
    {
        uint rva = (uint)instruction.IP;
        switch (instruction.FlowControl)
        {
            case FlowControl.Next:
                return true;
            case FlowControl.ConditionalBranch:
                Jump(rva, Target(in instruction));
                Lead(rva, (uint)instruction.NextIP);
                return false;
            case FlowControl.UnconditionalBranch when instruction.IsJmpShortOrNear:
                Jump(rva, Target(in instruction));
                return false;
            case FlowControl.Call when instruction.IsCallNear:
                Call(rva, Target(in instruction));
                return true;
            case FlowControl.IndirectCall:
                IndirectCall(in instruction, CodeCallKind.CallThroughConstant);
                return true;
            case FlowControl.IndirectBranch:
                IndirectJump(in instruction, tables);
                return false;
            case FlowControl.Return when instruction.Mnemonic == Mnemonic.Retf:
                FarReturn(in instruction);
                return false;
            case FlowControl.Return or FlowControl.Exception:
                return false;
            case FlowControl.Interrupt:
                return instruction.Mnemonic != Mnemonic.Int3;
            case FlowControl.Call:
                // VMCALL and their like: whoever answers them comes back.
                return true;
            default:
                AddFlaw(rva, "control that is not followed: a far jump or a transaction");
                return false;
        }
    }

    /// <summary>With an operand size prefix AMD's processors cut the target to 16 bits: no place in an image.</summary>
    private static ulong Target(in Instruction instruction) =>
        instruction.Op0Kind == OpKind.NearBranch64 ? instruction.NearBranchTarget : ulong.MaxValue;

    private void Lead(uint from, uint to)
    {
        _edges.Add((from, to));
        _todo.Push((from, to));
    }

    private void Jump(uint rva, ulong target)
    {
        if (target < uint.MaxValue && IsOwn((uint)target))
        {
            Lead(rva, (uint)target);
        }
        else if (target < uint.MaxValue && starts.Contains((uint)target))
        {
            _calls.Add(new CodeCall(rva, (uint)target, CodeCallKind.TailCall));
        }
        else
        {
            AddFlaw(rva, $"jumps to {target:x}, where no function starts");
        }
    }

    private void Call(uint rva, ulong target)
    {
        if (target < uint.MaxValue && starts.Contains((uint)target))
        {
            _calls.Add(new CodeCall(rva, (uint)target, CodeCallKind.Call));
        }
        else
        {
            AddFlaw(rva, $"calls {target:x}, where no function starts");
        }
    }

    private void IndirectCall(in Instruction instruction, CodeCallKind kind)
    {
        if (instruction.MemoryBase == Register.RIP && instruction.SegmentPrefix == Register.None
            && instruction.MemorySize == MemorySize.QwordOffset
            && constants.TryReadPointer(instruction.IPRelativeMemoryAddress, out uint target) && starts.Contains(target))
        {
            _calls.Add(new CodeCall((uint)instruction.IP, target, kind));
        }
        else
        {
            _unresolved.Add((uint)instruction.IP);
        }
    }

    private void IndirectJump(in Instruction instruction, Queue<JumpTable> tables)
    {
        uint jump = (uint)instruction.IP;
        if (instruction.Op0Kind != OpKind.Register)
        {
            IndirectCall(in instruction, CodeCallKind.TailCallThroughConstant);
        }
        else if (JumpTablePattern.Match(Before(jump), constants, symbol, out string? flaw) is { } table)
        {
            _tables.Add(table);
            tables.Enqueue(table);
            _lines.Add(new StraightLine(table.Compare, jump, "its bounds check"));
            if (flaw is not null)
            {
                flaws.Add(new CodeFlaw(CodeFlawKind.Indirect, jump, flaw));
            }
        }
        else
        {
            _unresolved.Add(jump);
        }
    }

    /// <summary><c>lea r, [next]; push r; retf</c> goes on at the next instruction, with another code segment.</summary>
    private void FarReturn(in Instruction instruction)
    {
        if (Before((uint)instruction.IP) is [.., var load, var push, _] && instruction.Code == Code.Retfq
            && push.Code == Code.Push_r64 && load.Code == Code.Lea_r64_m && load.Op0Register == push.Op0Register
            && load.MemoryBase == Register.RIP)
        {
            _lines.Add(new StraightLine((uint)load.IP, (uint)instruction.IP, "the address it returns to"));
            Jump((uint)instruction.IP, load.IPRelativeMemoryAddress);
        }
        else
        {
            _unresolved.Add((uint)instruction.IP);
        }
    }

    /// <summary>The last instructions of the line that ends with the one at <paramref name="rva"/>, eight at most.</summary>
    private Instruction[] Before(uint rva)
    {
        LinkedList<Instruction> line = [];
        for (uint end = rva; line.Count < JumpTablePattern.Length;)
        {
            if (line.Count == 0)
            {
                line.AddFirst(_reached[rva]);
                continue;
            }

            Instruction? previous = Ending(end);
            if (previous is null)
            {
                break;
            }

            line.AddFirst(previous.Value);
            end = (uint)previous.Value.IP;
        }

        return [.. line];
    }

    private Instruction? Ending(uint rva)
    {
        for (uint length = 1; length <= 15 && length <= rva; length++)
        {
            if (_reached.TryGetValue(rva - length, out Instruction instruction) && instruction.NextIP == rva)
            {
                return instruction;
            }
        }

        return null;
    }

    private void FollowTable(JumpTable table)
    {
        for (int i = 0; i < table.Targets.Count; i++)
        {
            uint target = table.Targets[i];
            if (!IsOwn(target) || section.IsInside(target))
            {
                flaws.Add(new CodeFlaw(
                    CodeFlawKind.Indirect, table.Jump, $"entry {i} of its table leads to {target:x}, no instruction of this function"));
                continue;
            }

            Lead(table.Jump, target);
        }
    }

    /// <summary>Whoever jumps into the middle of a line has not run its start.</summary>
    private void CheckLines()
    {
        ILookup<uint, uint> leads = _edges.ToLookup(edge => edge.To, edge => edge.From);
        foreach (StraightLine line in _lines)
        {
            uint previous = line.First;
            while (previous != line.Last)
            {
                uint rva = (uint)_reached[previous].NextIP;
                uint[] others = [.. leads[rva].Where(from => from != previous).Concat(leads[rva].Where(from => from == previous).Skip(1))];
                flaws.AddRange(others.Select(from => new CodeFlaw(
                    CodeFlawKind.Indirect, line.Last, $"{line.What} can be left out: {Origin(from)} leads to {rva:x}")));

                previous = rva;
            }
        }
    }

    private static string Origin(uint from) => from == Outside ? "an entry" : $"{from:x}";

    private CodeBlock[] Blocks(Instruction[] instructions)
    {
        HashSet<uint> leaders = [.. _edges.Select(edge => edge.To)];
        ILookup<uint, uint> jumps = _edges.ToLookup(edge => edge.From, edge => edge.To);
        List<int> firsts = [];
        for (int i = 0; i < instructions.Length; i++)
        {
            if (i == 0 || leaders.Contains((uint)instructions[i].IP) || instructions[i - 1].NextIP != instructions[i].IP
                || !RunsOn(in instructions[i - 1]))
            {
                firsts.Add(i);
            }
        }

        Dictionary<uint, int> byStart = [];
        for (int block = 0; block < firsts.Count; block++)
        {
            byStart.Add((uint)instructions[firsts[block]].IP, block);
        }

        CodeBlock[] blocks = new CodeBlock[firsts.Count];
        for (int block = 0; block < blocks.Length; block++)
        {
            int end = block + 1 < firsts.Count ? firsts[block + 1] : instructions.Length;
            Instruction last = instructions[end - 1];
            IEnumerable<uint> targets = RunsOn(in last) ? [(uint)last.NextIP] : jumps[(uint)last.IP];
            int[] successors = [.. targets.Where(byStart.ContainsKey).Select(target => byStart[target]).Distinct().Order()];
            blocks[block] = new CodeBlock((uint)instructions[firsts[block]].IP, firsts[block], end - firsts[block], successors);
        }

        return blocks;
    }

    private static bool RunsOn(in Instruction instruction) => instruction.FlowControl
        is FlowControl.Next or FlowControl.Call or FlowControl.IndirectCall
        || (instruction.FlowControl == FlowControl.Interrupt && instruction.Mnemonic != Mnemonic.Int3);

    private void AddFlaw(uint rva, string what) => flaws.Add(new CodeFlaw(CodeFlawKind.Flow, rva, what));
}
