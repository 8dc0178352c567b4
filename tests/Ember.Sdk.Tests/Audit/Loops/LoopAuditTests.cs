using System.IO;
using System.Linq;
using System.Reflection.PortableExecutable;
using Ember.Sdk.Audit;
using Ember.Sdk.Audit.Loops;

namespace Ember.Sdk.Tests.Audit.Loops;

/// <summary>Loops planted where they must be found, with and without their bounds.</summary>
public sealed class LoopAuditTests
{
    private const string Loop = "{ int sum = 0; for (int i = 0; i < 10; i++) { sum += i; } return sum; }";
    private const string TwoLoops =
        "{ int sum = 0; for (int i = 0; i < 9; i++) { for (int j = 0; j < i; j++) { sum += j; } } return sum; }";
    private const string Bound = "[LoopBound(10, \"digits\")]";

    [Fact]
    public void A_loop_with_its_bound_is_evidence()
    {
        using PlantedSource source = new($"{Bound} static int Root() {Loop}");
        source.Compile("Core.Root()", 1);
        AuditRuleResult result = source.Audit();
        Assert.Empty(result.Violations);
        Assert.Equal(8, result.Number);
        Assert.Equal([new AuditEvidence("Core.Root()", "loops at 1004: 10: digits")], result.Evidence);
        Assert.Equal("1 loops in 1 of 1 methods, 1 in the machine code of 1 functions", result.Summary);
    }

    [Theory]
    [InlineData("", Loop, "has 1 loop, but [LoopBound] 0 times")]
    [InlineData(Bound, TwoLoops, "has 2 loops, but [LoopBound] 1 times")]
    [InlineData(Bound + Bound, Loop, "has 1 loop, but [LoopBound] 2 times")]
    [InlineData(Bound, "{ return 1; }", "has 0 loops, but [LoopBound] 1 times")]
    [InlineData("[LoopBound(0, \"digits\")]", Loop, "has a [LoopBound] of no rounds, or without a reason")]
    [InlineData("[LoopBound(10, \" \")]", Loop, "has a [LoopBound] of no rounds, or without a reason")]
    [InlineData("[LoopBound(10, null)]", Loop, "has a [LoopBound] of no rounds, or without a reason")]
    public void A_loop_needs_a_bound_of_its_own(string bounds, string body, string violation)
    {
        using PlantedSource source = new($"{bounds} static int Root() {body}");
        source.Compile("Core.Root()", 0);
        AuditViolation found = Assert.Single(source.Audit().Violations);
        Assert.Equal((0x1000u, "Core.Root()", violation), (found.Rva, found.Function, found.What));
    }

    [Fact]
    public void A_method_that_only_exists_inside_others_needs_its_bounds_too()
    {
        using PlantedSource source = new($"static int Root() => Middle(); static int Middle() => Inner(); static int Inner() {Loop}");
        source.Compile("Core.Root()", 1);
        Assert.Equal(["Core.Inner() has 1 loop, but [LoopBound] 0 times"], source.Violations());
    }

    [Theory]
    [InlineData("interface IPart { static abstract int Do(); }", "T.Do()", "static")]
    [InlineData("interface IPart { int Do(); }", "default(T).Do()", "")]
    [InlineData("interface IBase { int Do(); } interface IPart : IBase { }", "default(T).Do()", "")]
    public void A_call_through_an_interface_leads_to_everything_that_implements_it(string declaration, string call, string kind)
    {
        using PlantedSource source = new(
            $"static int Root() => Run<One>(); static int Run<T>() where T : unmanaged, IPart => {call};",
            $"{declaration} struct One : IPart {{ public {kind} int Do() => 1; }} struct Two : IPart {{ public {kind} int Do() {Loop} }}");
        source.Compile("Core.Root()", 0);
        Assert.Equal(["Two.Do() has 1 loop, but [LoopBound] 0 times"], source.Violations());
    }

    [Fact]
    public void An_explicit_implementation_is_one()
    {
        using PlantedSource source = new(
            "static int Root() => Run<One>(); static int Run<T>() where T : unmanaged, IPart => default(T).Do();",
            $"interface IPart {{ int Do(); }} struct One : IPart {{ int IPart.Do() {Loop} }}");
        source.Compile("Core.Root()", 0);
        Assert.Equal(["One.IPart.Do() has 1 loop, but [LoopBound] 0 times"], source.Violations());
    }

    [Fact]
    public void A_method_whose_address_is_taken_counts_as_called()
    {
        using PlantedSource source = new(
            $"static int Root() {{ delegate*<int> inner = &Inner; return inner(); }} static int Inner() {Loop}");
        source.Compile("Core.Root()", 0);
        Assert.Equal(["Core.Inner() has 1 loop, but [LoopBound] 0 times"], source.Violations());
    }

    [Fact]
    public void A_method_that_nothing_on_the_path_calls_needs_no_bound()
    {
        using PlantedSource source = new($"static int Root() => 1; static int Other() {Loop}");
        source.Compile("Core.Root()", 0);
        source.Compile("Core.Other()", 1);
        Assert.Empty(source.Violations());
    }

    /// <summary>Helpers that the compiler calls of its own accord stand in no IL.</summary>
    [Fact]
    public void A_method_that_only_the_machine_code_calls_is_on_the_path()
    {
        using PlantedSource source = new($"static int Root() => 1; static int Other() {Loop}");
        uint other = source.Compile("Core.Other()", 1);
        source.Compile("Core.Root()", 0, other);
        Assert.Equal(["Core.Other() has 1 loop, but [LoopBound] 0 times"], source.Violations());
    }

    [Fact]
    public void A_loop_of_machine_code_that_no_source_has_is_a_violation()
    {
        using PlantedSource source = new("static int Root() => 1;");
        source.Compile("Core.Root()", 1);
        Assert.Equal(["Core.Root() has 1 loops, at 1004, which are more than the source explains"], source.Violations());
    }

    [Theory]
    [InlineData(2, 0, true)]
    [InlineData(3, 0, false)]
    [InlineData(1, 1, true)]
    [InlineData(2, 1, false)]
    [InlineData(0, 2, true)]
    [InlineData(1, 2, false)]
    public void Machine_code_has_a_loop_for_each_call_that_it_has_not(int loops, int calls, bool explained)
    {
        using PlantedSource source = new($"static int Root() => Inner() + Inner(); {Bound} static int Inner() {Loop}");
        uint inner = source.Compile("Core.Inner()", 1);
        source.Compile("Core.Root()", loops, [.. Enumerable.Repeat(inner, calls)]);
        AuditRuleResult result = source.Audit();
        Assert.Equal(explained ? 0 : 1, result.Violations.Count);
        Assert.All(result.Violations, violation => Assert.Equal("Core.Root()", violation.Function));
        Assert.Equal(
            explained && loops != 0,
            result.Evidence.Any(one => one.Function == "Core.Root()" && one.Detail.EndsWith("of Core.Inner(), 10: digits", default)));
    }

    [Fact]
    public void Copies_multiply_on_the_way_down()
    {
        using PlantedSource source = new(
            "static int Root() => Middle() + Middle(); static int Middle() => Inner() + Inner() + Inner();"
            + $"{Bound} static int Inner() {Loop}");
        source.Compile("Core.Root()", 6);
        Assert.Contains("6 of Core.Inner(), 10: digits", Assert.Single(source.Audit().Evidence).Detail);
    }

    [Fact]
    public void What_calls_itself_is_not_put_into_itself()
    {
        using PlantedSource source = new(
            $"{Bound} static int Root() {{ int sum = Root(); for (int i = 0; i < 9; i++) {{ sum++; }} return sum; }}");
        source.Compile("Core.Root()", 2);
        Assert.Equal(
            ["Core.Root() has 2 loops, at 1004, 1008, which are more than the source explains: 10: digits"], source.Violations());
    }

    [Theory]
    [InlineData("do { Wait(); } while (Root() != 0);", true)]
    [InlineData("while (Root() != 0) { Wait(); }", true)]
    [InlineData("while (Root() != 0) { if (Root() == 1) { Wait(); } else { Wait(); } }", true)]
    [InlineData("while (Root() != 0) { if (Root() == 1) { continue; } Wait(); }", false)]
    [InlineData("while (Root() != 0) { if (Root() == 1) { Wait(); } }", false)]
    [InlineData("while (Root() != 0) { switch (Root()) { case 0: Wait(); break; case 1: break; default: Wait(); break; } }", false)]
    [InlineData("Wait(); while (Root() != 0) { }", false)]
    public void A_loop_without_a_number_has_to_wait_every_round(string body, bool waits)
    {
        using PlantedSource source = new(
            $"[LoopBound(ulong.MaxValue, \"sleeps\")] static int Root() {{ {body} return 0; }} static void Wait() {{ }}");
        source.Compile("Core.Root()", 1);
        Assert.Equal(
            waits ? [] : ["Core.Root() has a loop that is to wait every round, but a round can do without"], source.Violations());
    }

    [Fact]
    public void A_call_that_leads_out_of_the_assemblies_is_a_violation()
    {
        using PlantedSource source = new("static int Root() => System.Math.Abs(-1);");
        source.Compile("Core.Root()", 0);
        Assert.Equal(["Core.Root() calls System.Math.Abs(Int32), which none of the assemblies has"], source.Violations());
    }

    [Fact]
    public void A_path_that_begins_nowhere_is_a_violation()
    {
        using PlantedSource source = new("static int Other() => 1;");
        source.Compile("Core.Other()", 0);
        Assert.Equal(["Core.Root() is where the exit path begins, but is not in the image"], source.Violations());
    }

    [Fact]
    public void Machine_code_without_source_is_a_violation()
    {
        using PlantedSource source = new("static int Root() => 1;");
        uint unknown = source.Compile("Core.Unknown()", 0);
        source.Compile("Core.Root()", 0, unknown);
        Assert.Equal(["Core.Unknown() none of the assemblies has its source"], source.Violations());
    }

    [Fact]
    public void A_block_that_the_compiler_clears_has_a_fixed_size()
    {
        using PlantedSource source = new("static int Root() => 1;");
        source.Compile("Core.Root()", 0, [new CompilerLoop(0x1010, 7), new CompilerLoop(0x1020, null)]);
        AuditRuleResult result = source.Audit();
        Assert.Equal(0x1020u, Assert.Single(result.Violations).Rva);
        Assert.Contains("1010: the compiler's, 7 rounds", Assert.Single(result.Evidence).Detail);
    }

    [Fact]
    public void A_stub_with_a_loop_has_to_be_listed()
    {
        using PlantedSource source = new("static int Root() => 1;");
        uint quiet = source.AddStub("Quiet", 0);
        uint busy = source.AddStub("Busy", 1);
        source.Compile("Core.Root()", 0, quiet, busy);
        Assert.Equal(["Busy is a stub with a loop that may not be on the exit path"], source.Violations());
    }

    [Theory]
    [InlineData("Core.Helper()", "1", 0)]
    [InlineData("Core.Root()", "1", 1)]
    [InlineData("Core.Helper()", "Helper()", 1)]
    public void A_listed_stub_may_only_be_called_by_the_compiler(string caller, string root, int violations)
    {
        using PlantedSource source = new($"static int Root() => {root}; static int Helper() => 1;");
        source.Stubs["Busy"] = new StubLoop("bytes of a structure", ["Core.Helper()"]);
        uint busy = source.AddStub("Busy", 1);
        uint helper = source.Compile("Core.Helper()", 0, caller == "Core.Helper()" ? [busy] : []);
        source.Compile("Core.Root()", 0, caller == "Core.Root()" ? [busy] : [helper]);
        AuditRuleResult result = source.Audit();
        Assert.Equal(violations, result.Violations.Count);
        Assert.All(result.Violations, violation => Assert.Contains("is called by Core.Root()", violation.What));
        Assert.Equal("a stub: bytes of a structure", Assert.Single(result.Evidence).Detail);
    }

    [Fact]
    public void An_assembly_that_is_none_is_a_bad_input()
    {
        using PlantedSource source = new($"static int Root() {Loop}");
        source.Compile("Core.Root()", 1);
        byte[] whole = File.ReadAllBytes(source.Assembly);
        using PEReader headers = new([.. whole]);
        int end = headers.PEHeaders.MetadataStartOffset + headers.PEHeaders.MetadataSize;
        for (int length = 0; length < end; length += 251)
        {
            File.WriteAllBytes(source.Assembly, whole[..length]);
            EmberException e = Assert.Throws<EmberException>(() => source.Audit());
            Assert.Equal(ErrorKind.Input, e.Kind);
            Assert.StartsWith(source.Assembly, e.Message, default);
        }
    }
}
