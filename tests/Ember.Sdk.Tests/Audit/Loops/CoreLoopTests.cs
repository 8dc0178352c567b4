using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using Ember.Sdk.Audit;
using Ember.Sdk.Audit.Loops;
using Ember.Sdk.MachineCode;
using Ember.Sdk.Tests.Hosting;

namespace Ember.Sdk.Tests.Audit.Loops;

/// <summary>The rule about loops, checked on the core as it is and with something wrong about it.</summary>
public sealed partial class CoreLoopTests
{
    private static readonly Lazy<CodeMap> _code =
        new(() => CodeMap.Read(ReferenceBuild.Target.Core, ReferenceBuild.Target.Symbols.All, AuditPolicy.Core.Tables));

    private static IReadOnlyList<FunctionLoops> Functions => [.. _code.Value.Functions.Select(MachineLoops.Of)];

    [Fact]
    public void Every_loop_on_the_exit_path_has_its_bound()
    {
        AuditRuleResult result = LoopAudit.Run(_code.Value, ReferenceBuild.Symbols);
        Assert.Empty(result.Violations);
        Assert.Contains(result.Evidence, one => one.Function.EndsWith("VirtualProcessor<SvmProcessor>.Run(HostTimer*, Int32, UInt64)", StringComparison.Ordinal)
            && one.Detail.Contains("waits: the guest runs once a round", StringComparison.Ordinal));
        Assert.Contains(result.Evidence, one => one.Function.EndsWith("GuestPageWalker.TryTranslate(GuestMemory&, PagingState&, "
            + "UInt64, PageAccess, UInt64&, UInt32&)", StringComparison.Ordinal)
            && one.Detail.Contains(": 5: levels", StringComparison.Ordinal));
    }

    [Fact]
    public void The_result_is_the_same_every_time() => Assert.Equal(
        LoopAudit.Run(_code.Value, ReferenceBuild.Symbols).Evidence, LoopAudit.Run(_code.Value, ReferenceBuild.Symbols).Evidence);

    /// <summary>Where nothing that loops can lie within a function but its own loops, the count is exact.</summary>
    [Fact]
    public void One_more_loop_in_a_function_with_its_own_alone_would_be_noticed()
    {
        string[] path = [.. LoopAudit.Run(_code.Value, ReferenceBuild.Symbols).Evidence
            .Where(one => one.Detail.StartsWith("loops at", StringComparison.Ordinal) && !Copies().IsMatch(one.Detail))
            .Select(one => one.Function)];
        FunctionLoops[] more = [.. Functions.Select(function => path.Contains(function.Function.Source.FullName)
            ? function with { Headers = [.. function.Headers, function.Function.End - 1] }
            : function)];
        AuditRuleResult result = LoopAudit.Run(more, ReferenceBuild.Symbols, LoopPolicy.Core);
        Assert.InRange(path.Length, 25, 100);
        Assert.Equal(path.Order(), result.Violations.Select(violation => violation.Function).Order());
    }

    [Fact]
    public void Without_what_gives_the_processor_away_the_guests_loop_has_no_bound()
    {
        AuditRuleResult result = LoopAudit.Run(Functions, ReferenceBuild.Symbols, LoopPolicy.Core with { Waits = [] });
        Assert.Equal(
            "Ember.Core.Machines.VirtualProcessor.Run(HostTimer*, Int32, UInt64)", Assert.Single(result.Violations).Function);
    }

    [Fact]
    public void Only_the_stubs_that_the_policy_names_may_loop()
    {
        AuditRuleResult result = LoopAudit.Run(
            Functions, ReferenceBuild.Symbols, LoopPolicy.Core with { Stubs = new Dictionary<string, StubLoop>() });
        Assert.Equal(
            ["EmberFillMemory", "EmberHalt", "EmberMoveMemory"], result.Violations.Select(violation => violation.Function).Order());
    }

    /// <summary>Neither the attribute nor what it says is in the image.</summary>
    [Fact]
    public void A_bound_costs_no_byte()
    {
        Assert.DoesNotContain(ReferenceBuild.Target.Symbols.All, symbol => symbol.Name.Contains("LoopBound", StringComparison.Ordinal));
        ReadOnlySpan<byte> core = ReferenceBuild.ReadCore();
        foreach (string text in (string[])["LoopBound", "levels: the address shifts", "the guest runs once a round"])
        {
            Assert.Equal(-1, core.IndexOf(Encoding.UTF8.GetBytes(text)));
            Assert.Equal(-1, core.IndexOf(Encoding.Unicode.GetBytes(text)));
        }
    }

    [GeneratedRegex("[0-9] of [A-Z]")]
    private static partial Regex Copies();
}
