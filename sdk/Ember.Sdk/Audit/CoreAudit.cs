using System.Collections.Generic;
using Ember.Sdk.MachineCode;
using Ember.Sdk.Pe;
using Ember.Sdk.Symbols;

namespace Ember.Sdk.Audit;

/// <summary>Proves that an image keeps the rules of <c>sdk/docs/assurance.md</c>, by its machine code as it was linked.</summary>
public static class CoreAudit
{
    /// <summary>Checks rules 1 to 7.</summary>
    /// <param name="image">The linked image.</param>
    /// <param name="symbols">What lies in it, by address.</param>
    /// <param name="policy">What it may consist of.</param>
    /// <returns>Every rule's result; an image that breaks one is a violation there, never an exception.</returns>
    public static AuditReport Run(PeImage image, IReadOnlyList<Symbol> symbols, AuditPolicy policy) =>
        Run(image, symbols, policy, CodeMap.Read(image, symbols, policy.Tables));

    /// <summary>The same, for who has read the code already.</summary>
    /// <param name="code">The image's code, read with the policy's tables.</param>
    public static AuditReport Run(PeImage image, IReadOnlyList<Symbol> symbols, AuditPolicy policy, CodeMap code)
    {
        AuditSubject subject = new(image, symbols, policy, code);
        return new AuditReport(
        [
            FlowRule.Check(subject),
            SystemInstructionRule.Check(subject),
            VectorRule.Check(subject),
            MemoryRule.Check(subject),
            StackRule.Check(subject),
            DispatchRule.Check(subject),
            ContentRule.Check(subject),
        ]);
    }
}
