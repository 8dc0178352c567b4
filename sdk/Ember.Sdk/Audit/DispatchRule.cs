using System.Collections.Generic;
using System.Linq;
using Ember.Sdk.MachineCode;
using Ember.Sdk.Pe;
using Ember.Sdk.Symbols;
using Iced.Intel;

namespace Ember.Sdk.Audit;

/// <summary>Rule 6: no pointer is called but through the guard, and no switch leaves its table.</summary>
internal static class DispatchRule
{
    /// <summary>The guard: a target in RAX inside the loaded image, whose size its header tells, is refused.</summary>
    private static readonly string[] _guard =
    [
        "lea r10,[0]", "mov r11d,[r10+3Ch]", "mov r11d,[r10+r11+50h]", "neg r10", "add r10,rax", "cmp r10,r11", "jae", "ud2", "jmp rax",
    ];

    public static AuditRuleResult Check(AuditSubject subject)
    {
        List<AuditEvidence> evidence = [];
        List<AuditViolation> violations =
            [.. subject.Code.Flaws.Where(flaw => flaw.Kind == CodeFlawKind.Indirect).Select(flaw => subject.At(flaw.Rva, flaw.What))];
        CodeFunction? guard = subject.Code.Find(subject.Policy.Dispatch);
        if (guard is not null && IsGuard(subject, guard))
        {
            evidence.Add(new AuditEvidence(guard.Name, "refuses a target inside the image, then jumps to it"));
        }
        else if (guard is not null)
        {
            violations.Add(subject.At(guard.Symbol.Rva, "the guard does not check its target as it should"));
            guard = null;
        }

        foreach (CodeFunction function in subject.Code.Functions)
        {
            CheckFunction(subject, function, guard, evidence, violations);
        }

        violations.AddRange(CodePointers(subject));
        int guarded = subject.Code.Functions.Sum(function => function.Calls.Count(IsThroughConstant));
        int switches = subject.Code.Functions.Sum(function => function.JumpTables.Count);
        int targets = subject.Code.Functions.Sum(function => function.JumpTables.Sum(table => table.Targets.Count));
        return AuditSubject.Result(
            6,
            "every indirect call is guarded, every indirect jump bounded",
            $"{guarded} calls through pointers, all by {subject.Policy.DispatchPointer}; {switches} switches with {targets} entries, each "
            + "bounds-checked, in read-only memory, to instructions of its own function; returns: see rule 5; CET, which would have the "
            + "processor check both once more, is not used: the machines Ember is tried on have none",
            evidence,
            violations);
    }

    private static void CheckFunction(
        AuditSubject subject, CodeFunction function, CodeFunction? guard, List<AuditEvidence> evidence, List<AuditViolation> violations)
    {
        foreach (uint branch in function.UnresolvedBranches.Where(_ => function != guard))
        {
            string text = subject.Text(function.Instructions[function.IndexOf(branch)]);
            violations.Add(subject.At(branch, $"'{text}' is neither guarded nor a switch"));
        }

        foreach (CodeCall call in function.Calls.Where(call => IsThroughConstant(call) && call.Target != guard?.Symbol.Rva))
        {
            violations.Add(subject.At(call.Rva, "calls through a pointer that is not the guard's"));
        }

        foreach (JumpTable table in function.JumpTables)
        {
            evidence.Add(new AuditEvidence(function.Name, $"switch at {table.Jump:x}: {table.Targets.Count} entries at {table.Table:x}"));
        }

        CheckAddresses(subject, function, violations);
    }

    /// <summary>Nobody needs a function's address, since nobody may call one through it.</summary>
    private static void CheckAddresses(AuditSubject subject, CodeFunction function, List<AuditViolation> violations)
    {
        HashSet<uint> ownTables =
            [.. function.JumpTables.Select(table => (uint)function.Instructions[function.IndexOf(table.Jump) - 2].IP)];
        string? allowed = subject.Policy.AddressTakers.GetValueOrDefault(function.Symbol.Name);
        foreach (Instruction instruction in function.Instructions)
        {
            if (instruction.Code != Code.Lea_r64_m || !instruction.IsIPRelativeMemoryOperand
                || instruction.IPRelativeMemoryAddress > uint.MaxValue || ownTables.Contains((uint)instruction.IP)
                || subject.Image.SectionAt((uint)instruction.IPRelativeMemoryAddress) is not { IsExecutable: true })
            {
                continue;
            }

            CodeFunction? target = subject.Code.At((uint)instruction.IPRelativeMemoryAddress);
            if (target is null || target.Symbol.Name != allowed)
            {
                violations.Add(subject.At((uint)instruction.IP, $"takes the address of code, {instruction.IPRelativeMemoryAddress:x}"));
            }
        }
    }

    /// <summary>Addresses of code in data: the guard's own only.</summary>
    private static IEnumerable<AuditViolation> CodePointers(AuditSubject subject)
    {
        PeImage image = subject.Image;
        Symbol? pointer = subject.Symbols.FirstOrDefault(symbol => symbol.Name == subject.Policy.DispatchPointer);
        foreach (uint fixup in image.Fixups.Where(fixup => fixup != pointer?.Rva && !image.At(fixup, sizeof(ulong)).IsEmpty))
        {
            ulong target = System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(image.At(fixup, sizeof(ulong))) - image.ImageBase;
            if (target <= uint.MaxValue && image.SectionAt((uint)target) is { IsExecutable: true })
            {
                yield return subject.At(fixup, $"holds the address of code, {target:x}");
            }
        }
    }

    private static bool IsGuard(AuditSubject subject, CodeFunction function)
    {
        if (function.Instructions.Count != _guard.Length)
        {
            return false;
        }

        for (int i = 0; i < _guard.Length; i++)
        {
            Instruction instruction = function.Instructions[i];
            bool isSame = _guard[i] == "jae"
                ? instruction.Mnemonic == Mnemonic.Jae && instruction.NearBranchTarget == function.Instructions[^1].IP
                : subject.Text(in instruction) == _guard[i];
            if (!isSame)
            {
                return false;
            }
        }

        return function.Entries.Count == 1;
    }

    private static bool IsThroughConstant(CodeCall call) =>
        call.Kind is CodeCallKind.CallThroughConstant or CodeCallKind.TailCallThroughConstant;
}
