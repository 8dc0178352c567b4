using System.Collections.Generic;
using System.Linq;
using Ember.Sdk.Audit;
using Ember.Sdk.Tests.Hosting;

namespace Ember.Sdk.Tests.Audit;

/// <summary>The trampoline of the core, by policies that fit it and do not.</summary>
public sealed class CopiedCodeTests
{
    [Fact]
    public void Every_instruction_of_code_that_is_copied_has_to_be_the_policys()
    {
        CopiedCode right = Assert.Single(AuditPolicy.Core.CopiedCode);
        Assert.Empty(Violations(right));
        CopiedCodePart part = right.Parts[0];
        for (int i = 0; i < part.Instructions.Count; i++)
        {
            List<string> others = [.. part.Instructions];
            others.RemoveAt(i);
            Assert.Single(Violations(right with { Parts = [part with { Instructions = others }, right.Parts[1]] }));
        }

        Assert.Single(Violations(right with { Data = "EmberNowhere" }));
    }

    private static IReadOnlyList<AuditViolation> Violations(CopiedCode code) => CoreAudit.Run(
        ReferenceBuild.Target.Core,
        ReferenceBuild.Target.Symbols.All,
        AuditPolicy.Core with { CopiedCode = [code] },
        ReferenceBuild.Target.Code).Rules.Single(rule => rule.Number == 2).Violations;
}
