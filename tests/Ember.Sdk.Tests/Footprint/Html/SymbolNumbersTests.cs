using Ember.Sdk.Footprint;
using Ember.Sdk.Footprint.Html;
using Ember.Sdk.Symbols;

namespace Ember.Sdk.Tests.Footprint.Html;

public sealed class SymbolNumbersTests
{
    private static readonly SymbolNumbers _numbers = new(
    [
        Report(0x2000, SymbolKind.MethodData, "tables", "A.B.Run(Int32, Byte*)"),
        Report(0x1000, SymbolKind.Method, "run", "A.B.Run(Int32, Byte*)", "export"),
        Report(0x1010, SymbolKind.Method, "run2", "A.B.Run(Int32, Byte*).Inner"),
        Report(0x1030, SymbolKind.Stub, "stub", "Stub"),
    ]);

    [Theory]
    [InlineData("call A.B.Run(Int32, Byte*)", 5, 21, 1)]
    [InlineData("lea rcx, [A.B.Run(Int32, Byte*)+0x10]", 10, 21, 1)]
    [InlineData("jmp A.B.Run(Int32, Byte*).Inner", 4, 27, 2)]
    [InlineData("cmp byte ptr [Stub], 1", 14, 4, 3)]
    public void The_longest_name_in_an_instruction_is_found(string instruction, int start, int length, int symbol) =>
        Assert.Equal((start, length, symbol), _numbers.In(instruction));

    [Theory]
    [InlineData("Stub rax, rbx")]
    [InlineData("call Stubs")]
    [InlineData("call xStub")]
    [InlineData("ret")]
    [InlineData("")]
    public void What_only_looks_like_a_name_is_none(string instruction) => Assert.Null(_numbers.In(instruction));

    [Theory]
    [InlineData(0xFFF, null)]
    [InlineData(0x1000, 1)]
    [InlineData(0x100F, 1)]
    [InlineData(0x1010, 2)]
    [InlineData(0x1020, null)]
    [InlineData(0x200F, 0)]
    [InlineData(0x2010, null)]
    public void An_address_belongs_to_the_symbol_around_it(uint rva, int? symbol) => Assert.Equal(symbol, _numbers.OfAddress(rva));

    [Fact]
    public void People_mean_the_method_and_the_compiler_knows_aliases()
    {
        Assert.Equal(1, _numbers.OfName("A.B.Run(Int32, Byte*)"));
        Assert.Equal(0, _numbers.OfName("tables"));
        Assert.Equal(1, _numbers.OfSymbol("export"));
        Assert.Null(_numbers.OfSymbol("A.B.Run(Int32, Byte*)"));
        Assert.Null(_numbers.OfSymbol(null));
    }

    private static SymbolReport Report(uint rva, SymbolKind kind, string name, string people, params string[] aliases) =>
        new(new Symbol(rva, 16, kind, name, aliases, new SourceMember("Core", "", "", people)), default, default, null, []);
}
