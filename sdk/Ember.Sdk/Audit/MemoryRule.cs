using System.Collections.Generic;
using System.Linq;
using Ember.Sdk.Pe;
using Iced.Intel;

namespace Ember.Sdk.Audit;

/// <summary>Rule 4: memory is writable or executable, never both, and no instruction names code as what it writes.</summary>
internal static class MemoryRule
{
    public static AuditRuleResult Check(AuditSubject subject)
    {
        PeImage image = subject.Image;
        List<AuditViolation> violations = [];
        foreach (PeSection section in image.Sections.Where(section => section is { IsExecutable: true, IsWritable: true }))
        {
            violations.Add(subject.At(section.Rva, $"section {section.Name} is writable and executable"));
        }

        foreach (uint fixup in image.Fixups.Where(fixup => IsExecutable(image, fixup) || IsExecutable(image, (ulong)fixup + 7)))
        {
            violations.Add(subject.At(fixup, "whoever loads the image changes an address in code here"));
        }

        if (!subject.Policy.Entries.Any(entry => subject.Code.Find(entry.Function)?.Symbol.Rva == image.EntryPoint))
        {
            violations.Add(subject.At(image.EntryPoint, "the image's entry point is none of the functions entered from outside"));
        }

        (int known, int unknown) = CheckStores(subject, violations);
        return AuditSubject.Result(
            4,
            "no memory writable and executable, no store into code",
            $"{image.Sections.Count} sections, none both; {known} stores to fixed addresses, all in writable sections; "
            + $"{image.Fixups.Count} fixups, none in code; {unknown} stores through registers, whose addresses are not known here: it is "
            + "assumed that the page tables, made from the section table, keep them out of code",
            [.. image.Sections.Select(section => new AuditEvidence(
                section.Name, section.IsExecutable ? "executable" : section.IsWritable ? "writable" : "read only"))],
            violations);
    }

    private static (int Known, int Unknown) CheckStores(AuditSubject subject, List<AuditViolation> violations)
    {
        int known = 0;
        int unknown = 0;
        InstructionInfoFactory facts = new();
        foreach (Instruction instruction in subject.Code.Functions.SelectMany(function => function.Instructions))
        {
            foreach (UsedMemory memory in facts.GetInfo(in instruction).GetUsedMemory())
            {
                if (memory.Access is not (OpAccess.Write or OpAccess.CondWrite or OpAccess.ReadWrite or OpAccess.ReadCondWrite))
                {
                    continue;
                }

                if (memory.Base != Register.None || memory.Index != Register.None)
                {
                    unknown++;
                    continue;
                }

                known++;
                bool isRelative = instruction.MemoryBase == Register.RIP && instruction.SegmentPrefix == Register.None;
                if (Fault(subject.Image, in memory, isRelative) is { } fault)
                {
                    violations.Add(subject.At((uint)instruction.IP, $"'{subject.Text(in instruction)}' writes to {fault}"));
                }
            }
        }

        return (known, unknown);
    }

    private static string? Fault(PeImage image, in UsedMemory memory, bool isRelative)
    {
        if (!isRelative)
        {
            return $"the fixed address {memory.Displacement:x}, where the image itself may lie";
        }

        ulong last = memory.Displacement + (ulong)memory.MemorySize.GetSize() - 1;
        return memory.MemorySize.GetSize() == 0 ? $"{memory.Displacement:x}, nobody knows how many bytes"
            : IsExecutable(image, memory.Displacement) || IsExecutable(image, last) ? $"{memory.Displacement:x}, code"
            : !IsWritable(image, memory.Displacement) || !IsWritable(image, last) ? $"{memory.Displacement:x}, not in a writable section"
            : null;
    }

    private static bool IsExecutable(PeImage image, ulong rva) => SectionAt(image, rva) is { IsExecutable: true };

    private static bool IsWritable(PeImage image, ulong rva) => SectionAt(image, rva) is { IsWritable: true };

    private static PeSection? SectionAt(PeImage image, ulong rva) => rva <= uint.MaxValue ? image.SectionAt((uint)rva) : null;
}
