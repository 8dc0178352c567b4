using System.Collections.Generic;
using System.Linq;
using Ember.Sdk.MachineCode;
using Iced.Intel;

namespace Ember.Sdk.Audit;

/// <summary>Rule 2: every system instruction lies in the one stub that is allowed it.</summary>
internal static class SystemInstructionRule
{
    public static AuditRuleResult Check(AuditSubject subject)
    {
        List<AuditEvidence> evidence = [];
        List<AuditViolation> violations = [];
        int count = 0;
        foreach (CodeFunction function in subject.Code.Functions)
        {
            IReadOnlyList<string> allowed = subject.AllowedIn(function);
            List<string> found = [];
            foreach (Instruction instruction in function.Instructions.Where(instruction => SystemInstructions.Contains(in instruction)))
            {
                string text = subject.Text(in instruction);
                found.Add(text);
                if (!allowed.Contains(text))
                {
                    violations.Add(subject.At((uint)instruction.IP, $"'{text}' is not allowed here"));
                }
            }

            if (found.Count != 0)
            {
                count += found.Count;
                evidence.Add(new AuditEvidence(function.Name, string.Join("; ", found.Distinct())));
            }
        }

        int functions = evidence.Count;
        CopiedCodeCheck.Run(subject, evidence, violations);
        return AuditSubject.Result(
            2,
            "privileged and system instructions only in the stubs made for them",
            $"{count} such instructions, in {functions} of {subject.Code.Functions.Count} functions, each allowed there by name and "
            + "operands; none elsewhere",
            evidence,
            violations);
    }
}
