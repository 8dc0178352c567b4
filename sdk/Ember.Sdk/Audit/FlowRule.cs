using System.Collections.Generic;
using System.Linq;
using Ember.Sdk.MachineCode;

namespace Ember.Sdk.Audit;

/// <summary>Rule 1: nothing hidden. Every executable byte is reached, or padding, and every way leads to a start.</summary>
internal static class FlowRule
{
    public static AuditRuleResult Check(AuditSubject subject)
    {
        CodeMap code = subject.Code;
        HashSet<CodeFunction> reached = [.. code.ReachableFrom(subject.Roots)];
        List<AuditViolation> violations =
        [
            .. code.Flaws.Where(flaw => flaw.Kind == CodeFlawKind.Flow).Select(flaw => subject.At(flaw.Rva, flaw.What)),
            .. code.Functions.Where(function => !reached.Contains(function) && !subject.Policy.NeverEntered.Contains(function.Symbol.Name))
                .Select(function => subject.At(function.Symbol.Rva, "no entry point leads here")),
            .. subject.Policy.Entries.Select(entry => entry.Function).Concat(subject.Policy.Tables.Select(table => table.Function))
                .Where(function => code.Find(function) is null)
                .Select(function => subject.At(subject.Image.EntryPoint, $"the entry point {function} is missing")),
        ];
        string neverEntered = string.Join(
            ", ", code.Functions.Where(function => !reached.Contains(function)).Select(function => function.Symbol.Source.ShortName));
        int instructions = code.Functions.Sum(function => function.Instructions.Count);
        long bytes = code.Functions.Sum(function => function.Instructions.Sum(instruction => (long)instruction.Length));
        return AuditSubject.Result(
            1,
            "every executable byte is reached code or padding",
            $"{instructions} instructions in {code.Functions.Count} functions, {bytes} bytes reached from {subject.Roots.Count} entry "
            + $"points; {code.PaddingBytes} bytes of padding (INT3, NOP); the linear sweep finds the same instructions; linked but entered "
            + $"by nobody: {(neverEntered.Length == 0 ? "nothing" : neverEntered)}",
            [.. code.Functions.Select(function => new AuditEvidence(
                function.Name,
                $"{function.Instructions.Count} instructions in {function.Blocks.Count} blocks, {function.Calls.Count} calls, "
                + $"{function.JumpTables.Count} switches"))],
            violations);
    }
}
