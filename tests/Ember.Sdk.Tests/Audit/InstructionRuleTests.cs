using System;
using System.Collections.Generic;
using Ember.Sdk.Audit;
using Ember.Sdk.Symbols;
using static Iced.Intel.AssemblerRegisters;

namespace Ember.Sdk.Tests.Audit;

public sealed class InstructionRuleTests
{
    public static TheoryData<string> SystemInstructions => [.. SystemBytes.Keys];

    public static TheoryData<string> LaterInstructions => [.. LaterBytes.Keys];

    private static SortedDictionary<string, byte[]> SystemBytes { get; } = new(StringComparer.Ordinal)
    {
        ["rdmsr"] = [0x0F, 0x32],
        ["cpuid"] = [0x0F, 0xA2],
        ["rdtsc"] = [0x0F, 0x31],
        ["vmcall"] = [0x0F, 0x01, 0xC1],
        ["vmmcall"] = [0x0F, 0x01, 0xD9],
        ["vmrun"] = [0x0F, 0x01, 0xD8],
        ["hlt"] = [0xF4],
        ["sti"] = [0xFB],
        ["cli"] = [0xFA],
        ["in al,dx"] = [0xEC],
        ["out 80h,al"] = [0xE6, 0x80],
        ["int 80h"] = [0xCD, 0x80],
        ["mov cr3,rax"] = [0x0F, 0x22, 0xD8],
        ["mov dr7,rax"] = [0x0F, 0x23, 0xF8],
        ["mov ds,eax"] = [0x8E, 0xD8],
        ["sgdt [rax]"] = [0x0F, 0x01, 0x00],
        ["lidt [rax]"] = [0x0F, 0x01, 0x18],
        ["mov rax,gs:[rax]"] = [0x65, 0x48, 0x8B, 0x00],
        ["wrpkru"] = [0x0F, 0x01, 0xEF],
        ["monitor"] = [0x0F, 0x01, 0xC8],
        ["xsetbv"] = [0x0F, 0x01, 0xD1],
        ["swapgs"] = [0x0F, 0x01, 0xF8],
        ["ldmxcsr [rax]"] = [0x0F, 0xAE, 0x10],
        ["std"] = [0xFD],
    };

    private static SortedDictionary<string, byte[]> LaterBytes { get; } = new(StringComparer.Ordinal)
    {
        ["fld1"] = [0xD9, 0xE8],
        ["fwait"] = [0x9B],
        ["pxor mm0,mm0"] = [0x0F, 0xEF, 0xC0],
        ["movq2dq xmm0,mm0"] = [0xF3, 0x0F, 0xD6, 0xC0],
        ["vxorps ymm0,ymm0,ymm0"] = [0xC5, 0xFC, 0x57, 0xC0],
        ["vpxor xmm0,xmm0,xmm0"] = [0xC5, 0xF9, 0xEF, 0xC0],
        ["vpxord zmm0,zmm0,zmm0"] = [0x62, 0xF1, 0x7D, 0x48, 0xEF, 0xC0],
        ["haddps xmm0,xmm0"] = [0xF2, 0x0F, 0x7C, 0xC0],
        ["pshufb xmm0,xmm0"] = [0x66, 0x0F, 0x38, 0x00, 0xC0],
        ["pmulld xmm0,xmm0"] = [0x66, 0x0F, 0x38, 0x40, 0xC0],
        ["crc32 eax,al"] = [0xF2, 0x0F, 0x38, 0xF0, 0xC0],
        ["popcnt eax,eax"] = [0xF3, 0x0F, 0xB8, 0xC0],
        ["andn eax,eax,eax"] = [0xC4, 0xE2, 0x78, 0xF2, 0xC0],
        ["movbe eax,[rax]"] = [0x0F, 0x38, 0xF0, 0x00],
        ["cmpxchg16b [rax]"] = [0x48, 0x0F, 0xC7, 0x08],
    };

    [Theory]
    [MemberData(nameof(SystemInstructions))]
    public void A_system_instruction_in_a_function_that_is_not_allowed_it_breaks_rule_2(string text) =>
        With(SystemBytes[text]).BrokenAtMark(2);

    [Theory]
    [MemberData(nameof(LaterInstructions))]
    public void An_instruction_that_not_every_processor_has_breaks_rule_3(string text) => With(LaterBytes[text]).BrokenAtMark(3);

    [Theory]
    [InlineData(true, new byte[] { 0xC5, 0xF9, 0xEF, 0xC0 })]
    [InlineData(true, new byte[] { 0xC5, 0xFD, 0xE7, 0x01 })]
    [InlineData(false, new byte[] { 0xC5, 0xF9, 0xEF, 0xC1 })]
    [InlineData(false, new byte[] { 0xC5, 0xFD, 0xE7, 0x09 })]
    [InlineData(false, new byte[] { 0xC5, 0xFD, 0x7F, 0x01 })]
    public void A_stub_that_may_clear_memory_by_YMM0_may_do_nothing_else_by_it(bool allowed, byte[] bytes)
    {
        SmallImage image = With(bytes, SymbolKind.Stub);
        image.Policy = image.Policy with
        {
            Stubs = new Dictionary<string, IReadOnlyList<string>>(image.Policy.Stubs) { ["Leaf"] = [] },
            WideStubs = ["Leaf"],
        };
        if (allowed)
        {
            AuditReport report = image.Audit();
            Assert.True(report.Passed, AuditAssert.Text(report));
        }
        else
        {
            image.BrokenAtMark(3);
        }
    }

    [Fact]
    public void A_stub_s_instruction_in_another_stub_breaks_rule_2() =>
        new SmallImage().Replace("WorldSwitch", SmallImage.WorldSwitch, SymbolKind.Stub, 0, code =>
        {
            code.C.movaps(xmm0, __[rcx + 16]);
            code.C.vmrun();
            code.C.movaps(__[rcx + 16], xmm0);
            code.Mark();
            code.C.rdmsr();
            code.C.ret();
        }).BrokenAtMark(2);

    [Fact]
    public void A_method_named_like_a_stub_is_not_allowed_the_stub_s_instructions() =>
        new SmallImage().Replace("ReadMsr", SmallImage.ReadMsr, SymbolKind.Method, 0, code =>
        {
            code.C.rdmsr();
            code.C.ret();
        }).Broken(2, SmallImage.ReadMsr);

    [Fact]
    public void A_stub_s_instruction_with_another_operand_breaks_rule_2()
    {
        SmallImage image = With([0x0F, 0x22, 0xD8], SymbolKind.Stub);
        image.Policy = image.Policy with
        {
            Stubs = new Dictionary<string, IReadOnlyList<string>>(image.Policy.Stubs)
            {
                ["Leaf"] = ["mov cr0,rax"],
            },
        };
        image.BrokenAtMark(2);
    }

    [Fact]
    public void A_saved_vector_register_of_the_guest_s_on_the_exit_path_breaks_rule_3() =>
        OnExitPath(code => code.C.pxor(xmm6, xmm6)).BrokenAtMark(3);

    [Fact]
    public void A_volatile_vector_register_that_the_world_switch_leaves_alone_breaks_rule_3() =>
        OnExitPath(code => code.C.pxor(xmm1, xmm1)).Broken(3, SmallImage.WorldSwitch + 4);

    [Fact]
    public void Arithmetic_that_changes_the_guest_s_MXCSR_breaks_rule_3() =>
        OnExitPath(code => code.C.addss(xmm0, xmm0)).BrokenAtMark(3);

    [Fact]
    public void A_world_switch_that_stores_a_register_elsewhere_than_it_loads_it_from_breaks_rule_3() =>
        new SmallImage().Replace("WorldSwitch", SmallImage.WorldSwitch, SymbolKind.Stub, 0, code =>
        {
            code.C.movaps(xmm0, __[rcx + 16]);
            code.Mark();
            code.C.vmrun();
            code.C.movaps(__[rcx + 32], xmm0);
            code.C.ret();
        }).BrokenAtMark(3);

    [Fact]
    public void A_world_switch_that_overwrites_a_register_before_it_stores_it_breaks_rule_3() =>
        new SmallImage().Replace("WorldSwitch", SmallImage.WorldSwitch, SymbolKind.Stub, 0, code =>
        {
            code.C.movaps(xmm0, __[rcx + 16]);
            code.Mark();
            code.C.vmrun();
            code.C.pxor(xmm0, xmm0);
            code.C.movaps(__[rcx + 16], xmm0);
            code.C.ret();
        }).BrokenAtMark(3);

    private static SmallImage With(byte[] bytes, SymbolKind kind = SymbolKind.Method) =>
        new SmallImage().Replace("Leaf", SmallImage.Leaf, kind, 0, code =>
        {
            code.C.nop();
            code.Mark();
            code.C.db(bytes);
            code.C.ret();
        });

    private static SmallImage OnExitPath(Action<SmallCode> instruction) =>
        new SmallImage().Replace("Exit", SmallImage.Exit, SymbolKind.Method, 40, code =>
        {
            code.C.movups(xmm0, __[rcx]);
            code.Mark();
            instruction(code);
            code.C.call(SmallImage.WorldSwitch);
        });
}
