using System;
using System.Linq;
using Ember.Sdk.Symbols;

namespace Ember.Sdk.Tests.Audit;

public sealed class ContentRuleTests
{
    private const uint NewData = SmallImage.Statics + 0x80;

    [Fact]
    public void A_helper_that_allocates_breaks_rule_7() =>
        With("RhpNewFast", CoreSymbols.StubsAssembly).Broken(7, NewData);

    [Fact]
    public void A_forbidden_name_of_something_else_breaks_rule_7()
    {
        SmallImage image = new();
        (byte[] bytes, Symbol[] symbols) = image.Build();
        Symbol[] others = Array.ConvertAll(symbols, symbol => symbol.Name == "Leaf" ? symbol with { Aliases = ["RhpNewArray"] } : symbol);
        Sdk.Audit.AuditReport report = Sdk.Audit.CoreAudit.Run(Sdk.Pe.PeImage.Parse("small.efi", bytes), others, image.Policy);
        Assert.Equal("7: 1080 Leaf: RhpNewArray belongs to a run time, which the core does not have", AuditAssert.Text(report));
    }

    [Theory]
    [InlineData("Foreign")]
    [InlineData("ilc")]
    [InlineData("Ember.Stubs")]
    public void A_piece_that_is_on_no_list_breaks_rule_7(string assembly) => With("piece", assembly).Broken(7, NewData);

    [Fact]
    public void A_stub_that_is_on_no_list_breaks_rule_7()
    {
        SmallImage image = new();
        image.Policy = image.Policy with
        {
            Stubs = image.Policy.Stubs.Where(stub => stub.Key != "Vectors").ToDictionary(stub => stub.Key, stub => stub.Value),
        };
        image.Broken(7, SmallImage.Vectors);
    }

    [Fact]
    public void Code_outside_executable_sections_breaks_rule_7() =>
        new SmallImage().Add(NewData, 8, SymbolKind.Method, "code").Broken(7, NewData);

    [Fact]
    public void Data_among_code_breaks_rule_7() =>
        new SmallImage().Add(SmallImage.Leaf + 0x40, 8, SymbolKind.Literal, "data").Broken(7, SmallImage.Leaf + 0x40);

    [Fact]
    public void A_piece_that_lies_in_no_section_breaks_rule_7() =>
        new SmallImage().Add(0x7000, 8, SymbolKind.Literal, "nowhere").Broken(7, 0x7000);

    [Fact]
    public void Pieces_that_overlap_break_rule_7() =>
        new SmallImage().Add(SmallImage.Statics + 8, 8, SymbolKind.Literal, "inside").Broken(7, SmallImage.Statics + 8);

    private static SmallImage With(string name, string assembly) => new SmallImage().Add(NewData, 8, SymbolKind.Statics, name, assembly);
}
