using System;
using System.Linq;
using CsCheck;
using Ember.Stubs.Symbols;

namespace Ember.Stubs.Tests.Symbols;

public sealed class LinkMapTests
{
    [Fact]
    public void Reads_the_code_of_a_real_map()
    {
        LinkMap map = LinkMap.Parse(SampleMap.Real());

        Assert.Equal(57, map.Symbols.Count);
        Assert.Equal(new LinkMapSymbol(0x1000, "EmberOut8"), map.Symbols[0]);
        Assert.Contains(new LinkMapSymbol(0x1160, "EfiMain"), map.Symbols);
        Assert.Contains(new LinkMapSymbol(0x2c80, "Ember_Platform_Ember_Platform_Faults_UnwindTable__TryFind"), map.Symbols);
        Assert.DoesNotContain(map.Symbols, s => s.Name.StartsWith("_unwind", StringComparison.Ordinal));
        Assert.Equal([0x1000u + 0xa0 + 0x23bb], map.CodeEnds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<?xml version=\"1.0\"?>")]
    [InlineData(" Start         Length     Name                   Class\n 0001:00000000 00000011H .text                   CODE\n")]
    public void Says_that_something_else_is_no_map(string text)
    {
        FormatException error = Assert.Throws<FormatException>(() => LinkMap.Parse(text));

        Assert.Contains("not a /map file", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0000000140001000", "000000014000100g", "is no hexadecimal number")]
    [InlineData("0000000140001000", "0000000000001000", "outside the image")]
    [InlineData(" 0001:00000000       EmberOut8", " 0001:0:0       EmberOut8", "is no address")]
    [InlineData("Preferred load address is", "Preferred address is", "before the load address")]
    public void Names_the_line_that_is_wrong(string right, string wrong, string expected)
    {
        string text = SampleMap.Real().Replace(right, wrong, StringComparison.Ordinal);
        int line = text.Split('\n').TakeWhile(l => !l.Contains("EmberOut8", StringComparison.Ordinal)).Count() + 1;

        FormatException error = Assert.Throws<FormatException>(() => LinkMap.Parse(text));

        Assert.StartsWith($"link map line {line}: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_map_is_read_or_refused_with_a_reason()
    {
        string real = SampleMap.Real();
        Gen.Select(Gen.Int[0, real.Length - 1], Gen.Char[' ', '~'], Gen.Int[0, real.Length]).Sample((at, with, cut) =>
        {
            string text = (real[..at] + with + real[(at + 1)..])[..cut];
            try
            {
                return SymbolTableBuilder.Build(LinkMap.Parse(text)).Length > 0;
            }
            catch (FormatException e)
            {
                return e.Message.StartsWith("link map", StringComparison.Ordinal);
            }
        });
    }
}
