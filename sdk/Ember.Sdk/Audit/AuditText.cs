using System.Globalization;
using System.IO;

namespace Ember.Sdk.Audit;

/// <summary>An audit for a person at a terminal.</summary>
public static class AuditText
{
    /// <summary>Writes the audit: each rule on a line, and under it what breaks it.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="report">The audit.</param>
    /// <param name="evidence">True: also what each rule rests on.</param>
    public static void Write(TextWriter output, AuditReport report, bool evidence)
    {
        foreach (AuditRuleResult rule in report.Rules)
        {
            output.WriteLine($"{(rule.Violations.Count == 0 ? "holds " : "BROKEN")}  {rule.Number}. {rule.Title}: {rule.Summary}");
            foreach (AuditViolation violation in rule.Violations)
            {
                output.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"           at {violation.Rva:X} in {violation.Function}: {violation.What}"));
            }

            if (evidence)
            {
                foreach (AuditEvidence fact in rule.Evidence)
                {
                    output.WriteLine($"           {fact.Function}: {fact.Detail}");
                }
            }
        }
    }
}
