using System;
using System.Collections.Generic;
using Ember.Sdk.Symbols;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Ember.Sdk.Tests.Audit;

public sealed class DispatchRuleTests
{
    [Fact]
    public void A_call_of_a_register_breaks_rule_6() => AtMark(code => code.C.call(rax)).BrokenAtMark(6);

    [Fact]
    public void A_call_through_writable_memory_breaks_rule_6() =>
        AtMark(code => code.CallThrough(SmallImage.Statics)).BrokenAtMark(6);

    [Fact]
    public void A_call_through_a_pointer_that_nobody_adjusts_breaks_rule_6() =>
        AtMark(code => code.CallThrough(SmallImage.GuardPointer + 0x80)).BrokenAtMark(6);

    [Fact]
    public void A_call_through_memory_that_a_register_names_breaks_rule_6() =>
        AtMark(code => code.C.call(__qword_ptr[rcx + 8])).BrokenAtMark(6);

    [Fact]
    public void A_jump_to_a_register_breaks_rule_6() =>
        new SmallImage().Replace("Leaf", SmallImage.Leaf, SymbolKind.Method, 0, code =>
        {
            code.C.nop();
            code.Mark();
            code.C.jmp(rax);
        }).BrokenAtMark(6);

    [Fact]
    public void A_far_return_that_does_not_go_on_behind_itself_breaks_rule_6()
    {
        SmallImage image = new SmallImage().Replace("Leaf", SmallImage.Leaf, SymbolKind.Stub, 0, code =>
        {
            code.C.push(rdx);
            code.C.push(rax);
            code.Mark();
            code.C.AddInstruction(Instruction.Create(Code.Retfq));
        });
        image.Policy = image.Policy with
        {
            Stubs = new Dictionary<string, IReadOnlyList<string>>(image.Policy.Stubs) { ["Leaf"] = ["data64 ret far"] },
        };
        image.BrokenAtMark(6);
    }

    [Fact]
    public void A_guard_that_lets_the_image_s_first_bytes_through_breaks_rule_6() =>
        new SmallImage().Replace("Guard", SmallImage.Guard, SymbolKind.Stub, 0, code => code.C.jmp(rax))
            .Broken(6, SmallImage.Guard, SmallImage.Main + 26);

    [Fact]
    public void A_guard_with_the_opposite_condition_breaks_rule_6()
    {
        byte[] image = new SmallImage().Build().Image;
        int condition = image.AsSpan(SmallPe.TextOffset + (int)(SmallImage.Guard - 0x1000)).IndexOf((byte)0x73);
        new SmallImage().Patch(SmallImage.Guard + (uint)condition, 0x76)
            .Broken(6, SmallImage.Guard, SmallImage.Guard + 29, SmallImage.Main + 26);
    }

    [Fact]
    public void A_pointer_to_another_function_than_the_guard_breaks_rule_6()
    {
        SmallImage image = AtMark(code => code.CallThrough(SmallImage.GuardPointer + 0x80))
            .Patch(SmallImage.GuardPointer + 0x80, [.. BitConverter.GetBytes(SmallPe.ImageBase + SmallImage.Handler)]);
        image.Fixups.Add(SmallImage.GuardPointer + 0x80);
        image.Build();
        image.Broken(6, image.Marked, SmallImage.GuardPointer + 0x80);
    }

    [Fact]
    public void A_guard_pointer_that_can_be_overwritten_breaks_rule_6() =>
        new SmallImage { RdataIsWritable = true }.Says("6: 101a Main: 'call qword ptr [2000h]' is neither guarded nor a switch");

    [Fact]
    public void The_address_of_a_function_in_data_breaks_rule_6()
    {
        SmallImage image = new SmallImage().Patch(SmallImage.Statics, [.. BitConverter.GetBytes(SmallPe.ImageBase + SmallImage.Leaf)]);
        image.Fixups.Add(SmallImage.Statics);
        image.Broken(6, SmallImage.Statics);
    }

    [Fact]
    public void Taking_the_address_of_a_function_breaks_rule_6_unless_it_is_allowed()
    {
        SmallImage image = AtMark(code => code.Lea(Register.RAX, SmallImage.Handler));
        image.BrokenAtMark(6);
        image.Policy = image.Policy with { AddressTakers = new Dictionary<string, string> { ["Leaf"] = "Handler" } };
        Assert.True(image.Audit().Passed);
    }

    [Fact]
    public void A_switch_with_one_entry_too_few_breaks_rule_6() =>
        new SmallImage().ReplaceSwitch(code => code.C.cmp(ecx, 3), code => code.C.mov(eax, ecx)).BrokenAtMark(6);

    [Fact]
    public void A_switch_without_a_comparison_breaks_rule_6() =>
        new SmallImage().ReplaceSwitch(code => code.C.test(ecx, 2), code => code.C.mov(eax, ecx)).BrokenAtMark(6);

    [Fact]
    public void A_switch_that_compares_another_register_breaks_rule_6() =>
        new SmallImage().ReplaceSwitch(code => code.C.cmp(edx, 2), code => code.C.mov(eax, ecx)).BrokenAtMark(6);

    [Fact]
    public void A_switch_that_compares_fewer_bits_than_it_uses_breaks_rule_6() =>
        new SmallImage().ReplaceSwitch(code => code.C.cmp(cl, 2), code => code.C.mov(eax, ecx)).BrokenAtMark(6);

    [Fact]
    public void A_switch_that_uses_what_was_above_the_compared_bits_breaks_rule_6() =>
        new SmallImage().ReplaceSwitch(code => code.C.cmp(ecx, 2), code => code.C.mov(rax, rcx)).BrokenAtMark(6);

    [Fact]
    public void A_switch_whose_check_is_left_out_by_a_jump_breaks_rule_6() =>
        new SmallImage().ReplaceSwitch(
            code =>
            {
                code.C.test(edx, edx);
                code.C.je(SmallImage.Switch + 9);
                code.C.cmp(ecx, 2);
            },
            code => code.C.mov(eax, ecx)).BrokenAtMark(6);

    [Fact]
    public void A_switch_whose_check_leads_to_the_same_place_either_way_breaks_rule_6() =>
        new SmallImage().Patch(SmallImage.Switch + 4, 0).BrokenAtMark(6);

    [Fact]
    public void A_switch_that_leads_into_the_middle_of_an_instruction_breaks_rule_6() =>
        new SmallImage { FirstTableEntry = 1 }.ReplaceSwitch(code => code.C.cmp(ecx, 2), code => code.C.mov(eax, ecx))
            .OnlyBrokenBy(6, "entry 0 of its table leads to 1101, no instruction of this function");

    [Fact]
    public void A_switch_that_leads_into_another_function_breaks_rule_6() =>
        new SmallImage { FirstTableEntry = SmallImage.ReadMsr - SmallImage.Switch }
            .OnlyBrokenBy(6, "entry 0 of its table leads to 1180, no instruction of this function");

    [Fact]
    public void A_table_that_can_be_overwritten_breaks_rule_6() =>
        new SmallImage { RdataIsWritable = true }
            .Says("its table at 2010 lies where it may be written to");

    [Fact]
    public void A_table_that_is_no_method_s_constants_breaks_rule_6()
    {
        SmallImage image = new();
        (byte[] bytes, Symbol[] symbols) = image.Build();
        Symbol[] others = Array.ConvertAll(symbols, symbol => symbol.Name == "table" ? symbol with { Kind = SymbolKind.Literal } : symbol);
        string found = AuditAssert.Text(Sdk.Audit.CoreAudit.Run(Sdk.Pe.PeImage.Parse("small.efi", bytes), others, image.Policy));
        Assert.Contains($"6: {image.Marked:x} Switch: its table at 2010 lies in no method's constants", found, StringComparison.Ordinal);
    }

    private static SmallImage AtMark(Action<SmallCode> instruction) =>
        new SmallImage().Replace("Leaf", SmallImage.Leaf, SymbolKind.Method, 40, code =>
        {
            code.Mark();
            instruction(code);
        });
}
