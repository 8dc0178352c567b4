using Ember.Sdk.Audit;
using Ember.Sdk.Symbols;
using static Iced.Intel.AssemblerRegisters;

namespace Ember.Sdk.Tests.Audit;

public sealed class MemoryRuleTests
{
    [Fact]
    public void A_section_that_is_writable_and_executable_breaks_rule_4() =>
        new SmallImage { TextIsWritable = true }.Broken(4, SmallImage.Main);

    [Theory]
    [InlineData(SmallImage.Main)]
    [InlineData(SmallImage.CodeEnd - 1)]
    [InlineData(SmallImage.GuardPointer)]
    [InlineData(0x7000)]
    public void A_store_to_what_is_no_writable_section_breaks_rule_4(uint target) =>
        WithStore(code => code.Store(target)).BrokenAtMark(4);

    [Fact]
    public void A_store_of_which_only_the_end_lies_behind_a_section_breaks_rule_4() =>
        WithStore(code => code.Store(SmallImage.Statics + 0x200 - 2)).BrokenAtMark(4);

    [Fact]
    public void A_store_to_an_absolute_address_breaks_rule_4() =>
        WithStore(code => code.C.mov(__dword_ptr[0x1000], eax)).BrokenAtMark(4);

    [Fact]
    public void An_exchange_with_code_breaks_rule_4() =>
        WithStore(code => code.ExchangeAdd(SmallImage.Main)).BrokenAtMark(4);

    [Theory]
    [InlineData(SmallImage.Leaf)]
    [InlineData(SmallImage.Main - 4)]
    public void A_fixup_in_code_breaks_rule_4(uint place)
    {
        SmallImage image = new();
        image.Fixups.Add(place);
        image.Broken(4, place);
    }

    [Fact]
    public void An_entry_point_that_the_policy_does_not_name_breaks_rule_4()
    {
        SmallImage image = new SmallImage().Replace("Other", 0x1500, SymbolKind.Method, 0, code => code.C.jmp(SmallImage.Main));
        image.Policy = image.Policy with { Entries = [new AuditEntry("Other", "the stack", SmallImage.StackBytes, 64)] };
        image.Broken(4, SmallImage.Main);
    }

    private static SmallImage WithStore(System.Action<SmallCode> store) =>
        new SmallImage().Replace("Leaf", SmallImage.Leaf, SymbolKind.Method, 0, code =>
        {
            code.C.nop();
            code.Mark();
            store(code);
            code.C.ret();
        });
}
