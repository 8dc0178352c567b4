using System;
using System.Linq;
using Ember.Sdk.Audit;
using Ember.Sdk.Symbols;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Ember.Sdk.Tests.Audit;

public sealed class StackRuleTests
{
    private const uint New = 0x1500;

    [Fact]
    public void What_an_entry_needs_is_told_to_the_byte()
    {
        AuditRuleResult rule = new SmallImage().Audit().Rules[4];

        // Main: return address and frame, then the larger of Exit (address, frame, address of WorldSwitch) and the firmware (address, 64).
        Assert.Equal("the stack 120 of 512 bytes: 392 left; Main > Guard", rule.Evidence[0].Detail);

        // The processor's frame, the vector, RAX, 40 bytes, the handler's address.
        Assert.Equal("the interrupt stack 104 of 256 bytes: 152 left; Vectors > Interrupt > Handler", rule.Evidence[1].Detail);
    }

    [Fact]
    public void An_entry_that_needs_more_than_its_stack_breaks_rule_5() =>
        Leaf(600, _ => { }).Broken(5, SmallImage.Main);

    [Fact]
    public void An_entry_that_needs_just_its_stack_passes()
    {
        // 512: Main's 48 and its call's 8, and 456 here.
        Assert.True(Leaf(456, _ => { }).Audit().Passed);
        Leaf(464, _ => { }).Broken(5, SmallImage.Main);
    }

    [Fact]
    public void An_interrupt_that_needs_more_than_its_stack_breaks_rule_5() =>
        new SmallImage().Replace("Handler", SmallImage.Handler, SymbolKind.Method, 160, _ => { }).Broken(5, SmallImage.Vectors);

    [Fact]
    public void An_interrupt_counts_on_the_stack_that_takes_it()
    {
        SmallImage image = new();
        image.Policy = image.Policy with { Entries = [image.Policy.Entries[0] with { TakesInterrupts = true }] };
        Assert.StartsWith("the stack 232 of 512 bytes", image.Audit().Rules[4].Evidence[0].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_function_that_calls_itself_breaks_rule_5() =>
        Leaf(40, code =>
        {
            code.Mark();
            code.C.call(SmallImage.Leaf);
        }).BrokenAtMark(5);

    [Fact]
    public void Functions_that_call_each_other_in_a_circle_break_rule_5() =>
        Leaf(40, code => code.C.call(New))
            .Replace("Second", New, SymbolKind.Method, 40, code =>
            {
                code.Mark();
                code.C.call(SmallImage.Leaf);
            })
            .BrokenAtMark(5);

    [Fact]
    public void A_function_that_jumps_to_itself_by_a_detour_breaks_rule_5() =>
        Leaf(0, code => code.C.jmp(New))
            .Replace("Second", New, SymbolKind.Method, 0, code => code.C.jmp(SmallImage.Leaf))
            .Broken(5, New);

    [Fact]
    public void A_return_with_something_left_on_the_stack_breaks_rule_5() =>
        Leaf(40, code =>
        {
            code.C.test(ecx, ecx);
            Label on = code.C.CreateLabel();
            code.C.je(on);
            code.Mark();
            code.C.ret();
            code.C.Label(ref on);
            code.C.nop();
        }).BrokenAtMark(5);

    [Fact]
    public void A_place_reached_with_different_depths_breaks_rule_5()
    {
        AuditReport report = Leaf(40, code =>
        {
            Label on = code.C.CreateLabel();
            code.C.test(ecx, ecx);
            code.C.je(on);
            code.C.push(rax);
            code.C.Label(ref on);
            code.C.nop();
        }).Audit();
        Assert.Equal([5], report.Rules.Where(result => result.Violations.Count != 0).Select(result => result.Number));
        Assert.Contains("arrives at 1089 with ", AuditAssert.Text(report), StringComparison.Ordinal);
    }

    [Fact]
    public void A_stack_pointer_from_elsewhere_breaks_rule_5() => AtMark(code => code.C.mov(rsp, rcx)).BrokenAtMark(5);

    [Fact]
    public void A_return_that_takes_more_than_the_return_address_breaks_rule_5() =>
        new SmallImage().Replace("Leaf", SmallImage.Leaf, SymbolKind.Method, 0, code =>
        {
            code.C.nop();
            code.Mark();
            code.C.ret(8);
        }).BrokenAtMark(5);

    [Fact]
    public void A_store_over_the_return_address_breaks_rule_5() => AtMark(code => code.C.mov(__qword_ptr[rsp + 40], rax)).BrokenAtMark(5);

    [Fact]
    public void A_store_below_the_stack_pointer_breaks_rule_5() => AtMark(code => code.C.mov(__qword_ptr[rsp - 8], rax)).BrokenAtMark(5);

    [Fact]
    public void A_return_from_an_interrupt_in_a_function_that_is_called_breaks_rule_5_and_2()
    {
        SmallImage image = new SmallImage().Replace("Leaf", SmallImage.Leaf, SymbolKind.Method, 0, code => code.C.iretq());
        Assert.Equal([2, 5], image.Audit().Rules.Where(rule => rule.Violations.Count != 0).Select(rule => rule.Number));
    }

    [Fact]
    public void A_jump_to_another_function_with_something_on_the_stack_breaks_rule_5() =>
        Leaf(40, code =>
        {
            Label on = code.C.CreateLabel();
            code.C.test(ecx, ecx);
            code.C.je(on);
            code.Mark();
            code.C.jmp(New);
            code.C.Label(ref on);
            code.C.nop();
        }).Replace("Second", New, SymbolKind.Method, 0, code => code.C.ret()).BrokenAtMark(5);

    [Fact]
    public void A_call_of_what_ends_an_interrupt_breaks_rule_5() =>
        AtMark(code => code.C.call(SmallImage.Interrupt)).BrokenAtMark(5);

    [Fact]
    public void A_frame_that_the_unwind_information_tells_otherwise_breaks_rule_5() =>
        new SmallImage().Patch(SmallImage.UnwindInfo + 5, 0x32).Broken(5, SmallImage.Main, SmallImage.Main + 4);

    [Fact]
    public void A_frame_without_unwind_information_breaks_rule_5() =>
        new SmallImage().Replace("Leaf", SmallImage.Leaf, SymbolKind.Method, 0, code =>
        {
            code.C.push(rbx);
            code.C.pop(rbx);
            code.C.ret();
        }).Broken(5, SmallImage.Leaf);

    private static SmallImage AtMark(Action<SmallCode> instruction) => Leaf(40, code =>
    {
        code.Mark();
        instruction(code);
    });

    private static SmallImage Leaf(int frame, Action<SmallCode> body) =>
        new SmallImage().Replace("Leaf", SmallImage.Leaf, SymbolKind.Method, frame, body);
}
