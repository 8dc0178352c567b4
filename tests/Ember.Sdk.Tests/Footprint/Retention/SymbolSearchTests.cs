using System.Collections.Generic;
using System.Linq;
using Ember.Sdk.Footprint.Retention;
using Ember.Sdk.Symbols;

namespace Ember.Sdk.Tests.Footprint.Retention;

public sealed class SymbolSearchTests
{
    private static readonly IReadOnlyList<Symbol> _symbols =
    [
        Method(0, "Text__Append", "LineBuffer", "Append(Byte)"),
        Method(1, "Text__Append_0", "LineBuffer", "Append(UInt32)"),
        Method(2, "Tables__Append_1", "TableWriter", "Append<Int32>(!!0)"),
        Method(3, "Vm__Run", "VirtualMachine<SvmProcessor>", "Run()"),
        Method(4, "Vm__Run_0", "VirtualMachine<VmxProcessor>", "Run()"),
        Method(5, "Local", "LineBuffer", "<Append>g__Pad|3_0(Int32)"),
        new(6, 1, SymbolKind.UnwindInfo, "_unwind0Vm__Run", [], new SourceMember("Ember.Core", "Ember.Core", "VirtualMachine", "Only()")),
    ];

    [Theory]
    [InlineData("Text__Append", "0")]
    [InlineData("ExportOf1", "1")]
    [InlineData("Append(UInt32)", "1")]
    [InlineData("LineBuffer.Append", "01")]
    [InlineData("Ember.Core.LineBuffer.Append", "01")]
    [InlineData("TableWriter.Append", "2")]
    [InlineData("Run", "34")]
    [InlineData("VirtualMachine.Run", "34")]
    [InlineData("VirtualMachine<SvmProcessor>.Run()", "3")]
    [InlineData("VirtualMachine<VmxProcessor>", "4")]
    [InlineData("VirtualMachine", "34")]
    [InlineData("LineBuffer", "015")]
    [InlineData("<Append>g__Pad|3_0", "5")]
    public void A_name_or_its_end_finds_what_is_meant(string name, string expected) =>
        Assert.Equal(expected, string.Concat(SymbolSearch.Find(name, _symbols).Symbols.Select(symbol => symbol.Rva)));

    [Theory]
    [InlineData("Append", "'Append' may be any of 2: 'Ember.Core.LineBuffer.Append', 'Ember.Core.TableWriter.Append'; say more of its name")]
    [InlineData("LineBufer.Append", "no member or type 'LineBufer.Append' is in the core; did you mean 'LineBuffer.Append'?")]
    [InlineData("TableWritr", "no member or type 'TableWritr' is in the core; did you mean 'TableWriter'?")]
    [InlineData("Only()", "no member or type 'Only()' is in the core; give a name as the report shows it, or its end")]
    [InlineData("", "no member or type '' is in the core; give a name as the report shows it, or its end")]
    [InlineData("ppend(UInt32)", "no member or type 'ppend(UInt32)' is in the core; give a name as the report shows it, or its end")]
    public void None_and_several_are_told_apart(string name, string expected)
    {
        EmberException e = Assert.Throws<EmberException>(() => SymbolSearch.Find(name, _symbols));

        Assert.Equal((expected, ErrorKind.Input), (e.Message, e.Kind));
    }

    private static Symbol Method(uint rva, string name, string type, string member) =>
        new(rva, 1, SymbolKind.Method, name, [$"ExportOf{rva}"], new SourceMember("Ember.Core", "Ember.Core", type, member));
}
