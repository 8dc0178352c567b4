using Ember.Sdk.Symbols;
using static Iced.Intel.AssemblerRegisters;

namespace Ember.Sdk.Tests.Audit;

public sealed class FlowRuleTests
{
    private const uint New = 0x1500;

    [Fact]
    public void A_small_image_that_keeps_every_rule_passes()
    {
        Sdk.Audit.AuditReport report = new SmallImage().Audit();
        Assert.True(report.Passed, AuditAssert.Text(report));
        Assert.All(report.Rules, rule => Assert.NotEmpty(rule.Summary));
    }

    [Fact]
    public void Bytes_between_functions_that_nothing_reaches_break_rule_1() =>
        new SmallImage().Patch(SmallImage.Leaf + 0x40, 0x0F, 0x01, 0xD9).Broken(1, SmallImage.Leaf + 0x40);

    [Fact]
    public void Code_behind_a_return_that_nothing_reaches_breaks_rule_1() =>
        new SmallImage().Replace("Leaf", SmallImage.Leaf, SymbolKind.Method, 0, code =>
        {
            code.C.ret();
            code.Mark();
            code.C.xor(eax, eax);
            code.C.ret();
        }).BrokenAtMark(1);

    [Fact]
    public void Bytes_behind_the_section_s_end_that_are_no_padding_break_rule_1()
    {
        (byte[] image, Symbol[] symbols) = new SmallImage().Build();
        const int VirtualSizeOfText = 0x58 + 240 + 8;
        System.BitConverter.TryWriteBytes(System.MemoryExtensions.AsSpan(image, VirtualSizeOfText), 0x500);
        image[SmallPe.TextOffset + 0x580] = 0x90;
        Sdk.Audit.AuditReport report = Sdk.Audit.CoreAudit.Run(Sdk.Pe.PeImage.Parse("small.efi", image), symbols, new SmallImage().Policy);
        Assert.Equal("1: 1580 image: bytes behind the end of the section that are no padding", AuditAssert.Text(report));
    }

    [Fact]
    public void A_jump_into_the_middle_of_an_instruction_breaks_rule_1() =>
        new SmallImage().Replace("Leaf", SmallImage.Leaf, SymbolKind.Method, 0, code =>
        {
            code.C.mov(eax, 0x90909090);
            code.Mark();
            code.C.je(SmallImage.Leaf + 1);
            code.C.ret();
        }).BrokenAtMark(1);

    [Fact]
    public void Two_ways_to_read_the_same_bytes_break_rule_1() =>
        new SmallImage().Replace("Leaf", SmallImage.Leaf, SymbolKind.Method, 0, code =>
        {
            // jmp +1 over a byte that begins an instruction of the bytes jumped to.
            code.C.db((byte[])[0x74, 0x01]);
            code.Mark();
            code.C.db((byte[])[0xB8, 0x31, 0xC0, 0x90, 0x90, 0xC3]);
        }).Broken(1, SmallImage.Leaf);

    [Fact]
    public void A_call_into_another_function_s_middle_breaks_rule_1() =>
        new SmallImage().Replace("Exit", SmallImage.Exit, SymbolKind.Method, 40, code =>
        {
            code.C.call(SmallImage.WorldSwitch);
            code.Mark();
            code.C.call(SmallImage.Leaf + 5);
        }).BrokenAtMark(1);

    [Fact]
    public void A_function_that_runs_on_behind_its_end_breaks_rule_1() =>
        new SmallImage().Replace("Leaf", SmallImage.Leaf, SymbolKind.Method, 0, code =>
        {
            code.Mark();
            code.C.mov(eax, 1);
        }).BrokenAtMark(1);

    [Fact]
    public void Bytes_that_are_no_instruction_break_rule_1() =>
        new SmallImage().Replace("Leaf", SmallImage.Leaf, SymbolKind.Method, 0, code =>
        {
            code.C.nop();
            code.Mark();
            code.C.db((byte)0x06);
        }).BrokenAtMark(1);

    [Fact]
    public void A_jump_that_AMD_s_processors_cut_to_16_bits_breaks_rule_1() =>
        new SmallImage().Replace("Leaf", SmallImage.Leaf, SymbolKind.Method, 0, code =>
        {
            code.C.nop();
            code.Mark();
            code.C.db((byte[])[0x66, 0x0F, 0x84, 0x00, 0x00]);
            code.C.ret();
        }).BrokenAtMark(1);

    [Fact]
    public void A_function_that_nothing_enters_breaks_rule_1() =>
        new SmallImage().Replace("Lonely", New, SymbolKind.Method, 0, code => code.C.ret()).Broken(1, New);

    [Fact]
    public void A_function_that_nothing_enters_may_be_allowed_by_name()
    {
        SmallImage image = new SmallImage().Replace("Lonely", New, SymbolKind.Method, 0, code => code.C.ret());
        image.Policy = image.Policy with { NeverEntered = ["Lonely"] };
        Assert.True(image.Audit().Passed);
        Assert.Contains("Lonely", image.Audit().Rules[0].Summary, System.StringComparison.Ordinal);
    }

    [Fact]
    public void Functions_that_only_call_each_other_break_rule_1() =>
        new SmallImage()
            .Replace("First", New, SymbolKind.Method, 0, code => code.C.jmp(New + 0x40))
            .Replace("Second", New + 0x40, SymbolKind.Method, 0, code => code.C.ret())
            .Broken(1, New, New + 0x40);
}
